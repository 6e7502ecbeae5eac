import type { CheckId } from "../../../modules/findings/check-ids";
import type { Json } from "../sample-output";
import { type Breach, hipaa, onStack, pci, resourceOf } from "./mutation";

const policy = "role_payments-api";
const local = `consumer_${policy}-policy`;
const at = `payments-prod aws_iam_policy.${policy}`;
const pciKeys = `arn:aws:kms:us-east-1:${pci.account}:key/*`;
const alias = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": ["alias/payments-prod"] } };

function edited(edit: (json: Json) => void): Breach["change"] {
  return onStack(pci.consumerStack, edit);
}

/** Every statement of one consumer policy, edited. */
function each(name: string, check: CheckId, edit: (statement: Json) => void): Breach {
  return {
    name,
    change: edited((json) => json.locals[local].Statement.forEach(edit)),
    found: { [check]: at },
    within: ["payments-prod"],
  };
}

/** One more statement in a consumer policy. */
function more(name: string, check: CheckId, statement: Json): Breach {
  return {
    name,
    change: edited((json) =>
      json.locals[local].Statement.push({ Sid: "Extra", Effect: "Allow", Action: "kms:Decrypt", ...statement }),
    ),
    found: { [check]: at },
    within: ["payments-prod"],
  };
}

const own = { Resource: pciKeys, Condition: alias };

export const consumerBreaches: readonly Breach[] = [
  more("keys of another zone's account", "zone-consumer-policies", {
    ...own,
    Resource: `arn:aws:kms:us-east-1:${hipaa.account}:key/*`,
  }),
  more("one key of another zone's account", "zone-consumer-policies", {
    Resource: [
      "arn:aws:kms:us-east-1:310000000001:key/*",
      `arn:aws:kms:us-east-1:${hipaa.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    ],
    Condition: alias,
  }),
  more("keys of any account", "zone-consumer-policies", { ...own, Resource: "arn:aws:kms:us-east-1:*:key/*" }),
  more("keys of any account that begins as the own one", "zone-consumer-policies", {
    ...own,
    Resource: "arn:aws:kms:us-east-1:3100000*:key/*",
  }),
  more("keys of any account by a question mark", "zone-consumer-policies", {
    ...own,
    Resource: "arn:aws:kms:us-east-1:31000000000?:key/*",
  }),
  more("every resource", "zone-consumer-policies", { ...own, Resource: "*" }),
  more("a wildcard for the whole ARN's head", "zone-consumer-policies", {
    ...own,
    Resource: `arn:*${pci.account}:key/*`,
  }),
  more("every resource but one", "zone-consumer-policies", { Condition: alias, NotResource: pciKeys }),
  more("keys of the same number in another partition", "zone-consumer-policies", {
    ...own,
    Resource: `arn:aws-us-gov:kms:us-gov-west-1:${pci.account}:key/*`,
  }),
  more("a key whose account is a variable", "zone-consumer-policies", {
    ...own,
    Resource: "arn:aws:kms:us-east-1:$${aws:PrincipalTag/account}:key/*",
  }),
  more("keys in a Region that is not the zone's", "zone-consumer-policies", {
    ...own,
    Resource: `arn:aws:kms:eu-west-1:${pci.account}:key/*`,
  }),
  more("everything but one action", "zone-consumer-policies", {
    Action: undefined,
    NotAction: "kms:ScheduleKeyDeletion",
    Resource: "*",
  }),
  more("every action of every service", "zone-consumer-policies", { Action: "*", Resource: "*" }),
  more("another zone's deploy role", "zone-consumer-policies", {
    Action: "sts:AssumeRole",
    Resource: `arn:aws:iam::${hipaa.account}:role/OrgKeysDeploy`,
  }),
  more("every key of the account, without an alias", "consumer-policy-breadth", { Resource: pciKeys }),
  more("every key of the account, by any alias", "consumer-policy-breadth", {
    Resource: pciKeys,
    Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/*" } },
  }),
  more("every key of the account, by an alias if there is one", "consumer-policy-breadth", {
    Resource: pciKeys,
    Condition: { "ForAnyValue:StringEqualsIfExists": { "kms:ResourceAliases": "alias/payments-prod" } },
  }),
  more("every key of the account, by an alias for all values", "consumer-policy-breadth", {
    Resource: pciKeys,
    Condition: { "ForAllValues:StringEquals": { "kms:ResourceAliases": "alias/payments-prod" } },
  }),
  more("every key of the account, by another alias than one", "consumer-policy-breadth", {
    Resource: pciKeys,
    Condition: { "ForAnyValue:StringNotEquals": { "kms:ResourceAliases": "alias/cardholder-vault-prod" } },
  }),
  more("every key of the account, by the alias of the request", "consumer-policy-breadth", {
    Resource: pciKeys,
    Condition: { StringEquals: { "kms:RequestAlias": "alias/payments-prod" } },
  }),
  more("every key of the account, by a tag", "consumer-policy-breadth", {
    Resource: pciKeys,
    Condition: { StringEquals: { "aws:ResourceTag/Workload": "payments" } },
  }),
  more("every Region of the account", "consumer-policy-breadth", {
    ...own,
    Resource: `arn:aws:kms:*:${pci.account}:key/*`,
  }),
  more("every KMS action", "consumer-policy-breadth", { ...own, Action: "kms:*" }),
  more("every KMS action by a cut name", "consumer-policy-breadth", { ...own, Action: "k*:*" }),
  more("the rewriting of the policy", "consumer-policy-breadth", { ...own, Action: "kms:PutKeyPolicy" }),
  each("aliases taken out", "consumer-policy-breadth", (statement) => {
    statement.Condition["ForAnyValue:StringEquals"] = undefined;
  }),
  each("the operator of the aliases loosened", "consumer-policy-breadth", (statement) => {
    statement.Condition["ForAnyValue:StringLike"] = { "kms:ResourceAliases": "alias/payments*" };
    statement.Condition["ForAnyValue:StringEquals"] = undefined;
  }),
  each("the conditions' operators in lower case", "readable", (statement) => {
    statement.Condition["forAnyValue:stringEquals"] = statement.Condition["ForAnyValue:StringEquals"];
    statement.Condition["ForAnyValue:StringEquals"] = undefined;
  }),
  each("a Principal, which no consumer policy has", "readable", (statement) => {
    statement.Principal = "*";
  }),
  {
    name: "another zone's consumer policy on these keys",
    change: onStack(hipaa.stack, (json) => {
      for (const statement of json.locals["consumer_role_HipaaBackupOperator-policy"].Statement) {
        statement.Resource = [pciKeys];
      }
    }),
    found: { "zone-consumer-policies": "patient-portal-prod aws_iam_policy.role_HipaaBackupOperator" },
    within: ["patient-portal-prod"],
  },
  {
    name: "a consumer policy on another zone's keys, hidden in text",
    change: edited((json) => {
      resourceOf(json, "aws_iam_policy", policy).policy = JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          ...json.locals[local].Statement,
          { Effect: "Allow", Action: "kms:Decrypt", Resource: `arn:aws:kms:us-east-1:${hipaa.account}:key/*` },
        ],
      });
    }),
    found: { "zone-consumer-policies": at },
    within: ["payments-prod"],
  },
  {
    name: "a consumer policy that is attached by its ARN from elsewhere",
    change: edited((json) => {
      json.resource.aws_iam_role_policy_attachment.extra = {
        provider: "aws.us-east-1",
        policy_arn: "arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser",
        role: "payments-api",
      };
    }),
    found: { readable: "extra" },
    within: ["payments-prod"],
  },
];
