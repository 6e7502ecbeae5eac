import { describe, expect, test } from "@jest/globals";
import { allKeyActions } from "../../modules/aws/kms-actions";
import { check } from "../../modules/checks/zone-consumer-policies";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.payments-prod";
const policy = "role_payments-api";
const local = `consumer_${policy}-policy`;
const at = `payments-prod aws_iam_policy.${policy}`;
const pciKeys = "arn:aws:kms:us-east-1:310000000001:key/*";
const shopKeys = "arn:aws:kms:us-east-1:210000000001:key/*";
const shop = "account shop-prod (210000000001) of zone corporate";
const anywhere = "can be in any account";

const found = (edit: (json: Json) => void) => sample.edit(stack, edit).check([check]);
const extra = (statement: Json) =>
  found((json) =>
    json.locals[local].Statement.push({
      Sid: "Extra",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: pciKeys,
      ...statement,
    }),
  );

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("finds a resource outside the zone", () => {
  test.each<[name: string, resource: string, outside: string]>([
    ["keys of another zone's account", shopKeys, `is in ${shop}`],
    ["one key of it", "arn:aws:kms:us-east-1:210000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab", `is in ${shop}`],
    ["an alias of it", "arn:aws:kms:us-east-1:210000000001:alias/shop", `is in ${shop}`],
    [
      "keys of an account that nobody knows",
      "arn:aws:kms:*:999999999999:key/*",
      "is in account 999999999999, which the map does not know",
    ],
    ["everything", "*", anywhere],
    ["every ARN", "arn:aws:kms:*", anywhere],
    ["keys of any account", "arn:aws:kms:us-east-1:*:key/*", anywhere],
    ["keys of accounts that begin alike", "arn:aws:kms:us-east-1:31000000000?:key/*", anywhere],
    ["keys of an account by a variable", "arn:aws:kms:us-east-1:$${aws:PrincipalTag/account}:key/*", anywhere],
    ["keys without an account", "arn:aws:kms:us-east-1::key/*", anywhere],
    ["whatever ends alike", "arn:*310000000001:key/*", anywhere],
    ["any service's resources", "arn:aws:*:us-east-1:*:key/*", anywhere],
    ["the service in other letters", "arn:aws:KMS:us-east-1:*:key/*", anywhere],
    ["another partition", "arn:aws-us-gov:kms:us-gov-west-1:310000000001:key/*", "is not of partition aws"],
    ["any partition", "arn:*:kms:us-east-1:310000000001:key/*", "is not of partition aws"],
    [
      "a Region without keys of the zone",
      "arn:aws:kms:eu-west-1:310000000001:key/*",
      "is in eu-west-1, where zone pci has no keys",
    ],
  ])("%s", (_name, resource, outside) => {
    const shown = resource.replace("$${", "${");
    expect(extra({ Resource: [pciKeys, resource, resource] })).toMatchObject([
      {
        where: `${at} statement Extra ${shown}`,
        why: `reaches ${shown}, which ${outside}`,
        severity: "critical",
        place: { document: stack },
      },
    ]);
  });

  test("all but some", () => {
    expect(extra({ Resource: undefined, NotResource: shopKeys })).toMatchObject([
      { where: `${at} statement Extra NotResource`, why: `reaches everything but ${shopKeys}, in any account` },
    ]);
  });
});

describe("finds it whatever is allowed", () => {
  test.each<[name: string, statement: Json]>([
    ["every action of KMS", { Action: "kms:*" }],
    ["every action", { Action: ["*"] }],
    ["every action of services that begin alike", { Action: "k*" }],
    ["an action in capitals", { Action: "KMS:DECRYPT" }],
    ["every action but others", { Action: undefined, NotAction: ["iam:*", "sts:*"] }],
    ["every action but all that are known today", { Action: undefined, NotAction: [...allKeyActions, "sts:*"] }],
    ["an action of tomorrow", { Action: "kms:DecryptTomorrow" }],
    ["actions of tomorrow", { Action: "kms:Future*" }],
    ["an action that never works across accounts", { Action: "kms:PutKeyPolicy" }],
  ])("%s", (_name, statement) => {
    expect(extra({ ...statement, Resource: shopKeys })).toMatchObject([{ where: `${at} statement Extra ${shopKeys}` }]);
  });

  test("a role of another zone that it may assume", () => {
    const role = "arn:aws:iam::320000000002:role/OrgKeysDeploy";
    expect(extra({ Action: "sts:Assume*", Resource: role })).toMatchObject([
      {
        where: `${at} statement Extra ${role}`,
        why: `reaches ${role}, which is in account patient-portal-prod (320000000002) of zone hipaa`,
      },
    ]);
  });

  test("a statement that is not understood", () => {
    expect(extra({ Resources: "*" })).toMatchObject([
      { where: `${at} statement Extra statement`, why: "has a part that is not understood" },
    ]);
  });
});

describe("finds what a condition does not bound", () => {
  const own = "310000000001";
  test.each<[name: string, condition: Json]>([
    ["an account, if there is one", { StringEqualsIfExists: { "aws:ResourceAccount": own } }],
    ["all accounts there are", { "ForAllValues:StringEquals": { "aws:ResourceAccount": own } }],
    ["every account but one", { StringNotEquals: { "aws:ResourceAccount": "210000000001" } }],
    ["a foreign account", { StringEquals: { "aws:ResourceAccount": [own, "210000000001"] } }],
    ["accounts by a wildcard", { StringLike: { "aws:ResourceAccount": "31*" } }],
    [
      "the requester's own account by a variable",
      { StringEquals: { "aws:ResourceAccount": "$${aws:PrincipalAccount}" } },
    ],
    ["the organization", { StringEquals: { "aws:ResourceOrgID": "o-a1b2c3d4e5" } }],
    [
      "the OU above",
      { "ForAnyValue:StringLike": { "aws:ResourceOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*" } },
    ],
    ["the principal's account, not the key's", { StringEquals: { "aws:PrincipalAccount": own } }],
    ["the caller's account, not the key's", { StringEquals: { "kms:CallerAccount": own } }],
    [
      "an alias, which any account can have",
      { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/payments-prod" } },
    ],
  ])("%s", (_name, Condition) => {
    expect(extra({ Resource: "*", Condition })).toMatchObject([{ where: `${at} statement Extra *` }]);
  });
});

describe("finds a policy", () => {
  test("that is only offered", () => {
    const edited = found((json) => {
      json.locals[local].Statement[0].Resource = shopKeys;
      Reflect.deleteProperty(json.resource.aws_iam_role_policy_attachment, policy);
    });
    expect(edited).toMatchObject([
      { where: `${at} statement DescribePaymentsProd ${shopKeys}`, place: { path: `/locals/${local}/Statement/0` } },
    ]);
  });

  test("that is written as text, by its statement's number", () => {
    const edited = found((json) => {
      const document = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" } };
      json.resource.aws_iam_policy[policy].policy = JSON.stringify(document);
    });
    expect(edited).toMatchObject([
      { where: `${at} statement number 1 *`, place: { path: `/resource/aws_iam_policy/${policy}/policy` } },
    ]);
  });

  test.each<[name: string, edit: (json: Json) => void]>([
    ["that is missing", (json) => Reflect.deleteProperty(json.resource.aws_iam_policy[policy], "policy")],
    [
      "that is an expression",
      (json) => Object.assign(json.resource.aws_iam_policy[policy], { policy: "${var.policy}" }),
    ],
    ["of a version that does not exist", (json) => Object.assign(json.locals[local], { Version: "2020-01-01" })],
  ])("%s", (_name, edit) => {
    expect(found(edit)).toMatchObject([
      {
        where: `${at} policy`,
        why: "its policy is missing or cannot be read, so that nobody can tell which keys it reaches",
      },
    ]);
  });

  test("of another zone's account on these keys", () => {
    const edited = sample.edit("commercial.workloads.prod.shop-prod", (json) => {
      for (const document of Object.entries<Json>(json.locals).filter(([name]) => name.startsWith("consumer_"))) {
        document[1].Statement[0].Resource = pciKeys;
      }
    });
    const wheres = edited.check([check]);
    expect(wheres.length).toBeGreaterThan(0);
    expect(wheres.every(({ why }) => why.includes("of zone pci"))).toBe(true);
  });
});

describe("is content with", () => {
  test.each<[name: string, statement: Json]>([
    ["one key of the zone", { Resource: "arn:aws:kms:us-west-2:310000000001:key/mrk-1" }],
    ["keys of another account of the zone", { Resource: ["arn:aws:kms:us-east-1:312000000002:key/*"] }],
    ["keys in any Region", { Resource: "arn:aws:kms:*:310000000001:key/*" }],
    [
      "everything, of an account of the zone",
      { Resource: "*", Condition: { StringEquals: { "aws:resourceaccount": "310000000001" } } },
    ],
    [
      "everything but something, of the zone's path",
      {
        Resource: undefined,
        NotResource: shopKeys,
        Condition: {
          "ForAnyValue:StringLike": {
            "aws:ResourceOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/*",
          },
        },
      },
    ],
    ["another service's resources", { Action: ["s3:GetObject"], Resource: "*" }],
    ["another service's resource with an action on keys", { Resource: "arn:aws:s3:::bucket/*" }],
    ["everything but KMS and roles", { Action: undefined, NotAction: ["kms:*", "sts:*"], Resource: "*" }],
    ["what concerns no key", { Action: ["kms:ListAliases", "kms:ListKeys", "KMS:GenerateRandom"], Resource: "*" }],
    ["a Deny of everything", { Effect: "Deny", Action: "*", Resource: "*" }],
    [
      "a role of the zone that it may assume",
      { Action: "sts:AssumeRole", Resource: "arn:aws:iam::310000000001:role/x" },
    ],
  ])("%s", (_name, statement) => {
    expect(extra(statement)).toEqual([]);
  });
});
