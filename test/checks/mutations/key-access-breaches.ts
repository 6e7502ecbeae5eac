import type { Json } from "../sample-output";
import {
  added,
  allow,
  type Breach,
  corporate,
  hipaa,
  keyAt,
  onPci,
  onStack,
  pci,
  policyOf,
  replicaAt,
  statementOf,
  stranger,
  withStatement,
} from "./mutation";

/** One more statement in the policy of PCI's payments key, through which somebody outside gets in. */
function extra(name: string, principal: Json, more: Json = {}): Breach {
  return {
    name,
    change: added(allow(principal, more)),
    found: { "zone-key-access": `${keyAt} statement Extra` },
    within: [keyAt],
  };
}

const everybody = { AWS: "*" };
const own = pci.account;

/** Who: every form in which a foreigner can be named. */
const named: readonly Breach[] = [
  extra("a foreign role", { AWS: hipaa.role }),
  extra("a foreign role behind an own one", { AWS: [`arn:aws:iam::${pci.consumerAccount}:role/web`, hipaa.role] }),
  extra("a foreign account's root", { AWS: `arn:aws:iam::${hipaa.account}:root` }),
  extra("a foreign account by its bare id", { AWS: hipaa.account }),
  extra("a foreign account as a JSON number", { AWS: Number(hipaa.account) }),
  extra("a foreign role's session", { AWS: `arn:aws:sts::${hipaa.account}:assumed-role/web/session` }),
  extra("a foreign federated user", { AWS: `arn:aws:sts::${hipaa.account}:federated-user/anna` }),
  extra("a foreign user below a path", { AWS: `arn:aws:iam::${hipaa.account}:user/teams/web/anna` }),
  extra("an account that nobody knows", { AWS: stranger }),
  extra("a role of the management account", { AWS: "arn:aws:iam::100000000001:role/OrgKeysDeploy" }),
  extra("the delegated administrator's audit role", { AWS: "arn:aws:iam::100000000002:role/OrgKeysAudit" }),
  extra("a role of another partition", { AWS: "arn:aws-us-gov:iam::420000000001:role/case-api" }),
  extra("an own account's number in another partition", { AWS: `arn:aws-cn:iam::${own}:role/PciKeyAdministrator` }),
  extra("the unique id of a role", { AWS: "AROAEXAMPLEID12345678" }),
  extra("a wildcard for the account", { AWS: "arn:aws:iam::*:role/payments-api" }),
  extra("a wildcard in the account", { AWS: "arn:aws:iam::31000000000?:role/payments-api" }),
  extra("a wildcard for all roles of an own account", { AWS: `arn:aws:iam::${own}:role/*` }),
  extra("an account of thirteen digits", { AWS: `arn:aws:iam::${own}1:role/payments-api` }),
  extra("full-width digits that look like an own account", {
    AWS: "arn:aws:iam::\uff13\uff11\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff11:root",
  }),
  extra("an own root's ARN with a trailing blank", { AWS: `arn:aws:iam::${own}:root ` }),
  extra("a no-break space after an own account's id", { AWS: `${own}\u00a0` }),
  extra("a line break and a second ARN in one text", { AWS: `arn:aws:iam::${own}:root\n${hipaa.role}` }),
  extra("everybody, as text", "*"),
  extra("everybody, as AWS", everybody),
  extra("everybody, among others", { AWS: [`arn:aws:iam::${own}:root`, "*"] }),
  extra("an identity provider", { Federated: "cognito-identity.amazonaws.com" }),
  extra("a SAML provider of an own account", { Federated: `arn:aws:iam::${own}:saml-provider/Okta` }),
  extra("a canonical user", { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" }),
  extra("an empty list of principals", { AWS: [] }),
  extra("an unknown kind of principal beside an own one", { AWS: own, Aws: hipaa.role }),
  {
    name: "NotPrincipal with Allow",
    change: added({
      Sid: "Extra",
      Effect: "Allow",
      NotPrincipal: { AWS: hipaa.role },
      Action: "kms:Decrypt",
      Resource: "*",
    }),
    found: { "zone-key-access": `${keyAt} statement Extra` },
    within: [keyAt],
  },
  {
    name: "Principal and NotPrincipal together",
    change: added(allow({ AWS: own }, { NotPrincipal: { AWS: own } })),
    found: { "zone-key-access": `${keyAt} statement Extra` },
    within: [keyAt],
  },
];

/** What conditions do not bound. */
const unbounded: readonly Breach[] = (
  [
    ["an IP address", { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }],
    ["a VPC endpoint", { StringEquals: { "aws:SourceVpce": "vpce-0c3d4e5f60718293a" } }],
    ["a service on the way", { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } }],
    ["an encryption context", { StringEquals: { "kms:EncryptionContext:app": "payments" } }],
    ["multi-factor authentication", { Bool: { "aws:MultiFactorAuthPresent": "true" } }],
    ["a principal's tag", { StringEquals: { "aws:PrincipalTag/Zone": "pci" } }],
    ["the resource's account", { StringEquals: { "aws:ResourceAccount": own } }],
    ["the resource's organization path", { "ForAnyValue:StringLike": { "aws:ResourceOrgPaths": pci.path } }],
    ["the source account, which only services have", { StringEquals: { "aws:SourceAccount": own } }],
    ["the source ARN, which only services have", { ArnLike: { "aws:SourceArn": `arn:aws:sns:*:${own}:*` } }],
    ["the caller's account, if there is one", { StringEqualsIfExists: { "kms:CallerAccount": own } }],
    ["the principal's account, if there is one", { StringEqualsIfExists: { "aws:PrincipalAccount": own } }],
    ["the principal's account, negated", { StringNotEquals: { "aws:PrincipalAccount": hipaa.account } }],
    ["the principal's ARN, negated", { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${hipaa.account}:*` } }],
    ["the principal's account for all values", { "ForAllValues:StringEquals": { "aws:PrincipalAccount": own } }],
    ["that there is a principal's account", { Null: { "aws:PrincipalAccount": "false" } }],
    ["a wildcard in the principal's account", { StringLike: { "aws:PrincipalAccount": "31000000000*" } }],
    ["any principal's account", { StringLike: { "aws:PrincipalAccount": "*" } }],
    ["one foreign account among own ones", { StringEquals: { "aws:PrincipalAccount": [own, hipaa.account] } }],
    ["the requester's own account", { StringEquals: { "aws:PrincipalAccount": "$${aws:PrincipalAccount}" } }],
    ["an account with a blank before it", { StringEquals: { "aws:PrincipalAccount": ` ${own}` } }],
    ["an operator that does not exist", { StringEqual: { "aws:PrincipalAccount": own } }],
    ["a lower-case operator", { stringequals: { "aws:PrincipalAccount": own } }],
    ["a look-alike of the condition key", { StringEquals: { "aws:Princip\u0430lAccount": own } }],
    ["a blank after the condition key", { StringEquals: { "aws:PrincipalAccount ": own } }],
    [
      "an own account, and a foreign one under the same key in other letters",
      { StringEquals: { "aws:PrincipalAccount": own, "AWS:principalaccount": hipaa.account } },
    ],
    ["no value at all", { StringEquals: { "aws:PrincipalAccount": [] } }],
    ["roles of any account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/payments-api" } }],
    ["a wildcard across the account", { StringLike: { "aws:PrincipalArn": `arn:*:${own}:role/payments-api` } }],
    ["the organization", { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
    ["any organization", { StringLike: { "aws:PrincipalOrgID": "o-*" } }],
    ["another organization", { StringEquals: { "aws:PrincipalOrgID": "o-zzzzzzzzzz" } }],
    [
      "the path of the OU above",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*" } },
    ],
    [
      "the path of another zone's OU",
      {
        "ForAnyValue:StringLike": {
          "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-32000000/*",
        },
      },
    ],
    [
      "a path that is cut in the middle of an id",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31*" } },
    ],
    [
      "a path without a slash before its wildcard",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": pci.path.replace("/*", "*") } },
    ],
    [
      "a wildcard for the root of the path",
      {
        "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*/ou-ab12-30000000/ou-ab12-31000000/*" },
      },
    ],
    ["a path without a set operator", { StringLike: { "aws:PrincipalOrgPaths": pci.path } }],
    ["a path for all values", { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": pci.path } }],
    ["a path, if there is one", { "ForAnyValue:StringLikeIfExists": { "aws:PrincipalOrgPaths": pci.path } }],
    ["a path, negated", { "ForAnyValue:StringNotLike": { "aws:PrincipalOrgPaths": pci.path } }],
    [
      "the zone's path or the whole organization's",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": [pci.path, "o-a1b2c3d4e5/*"] } },
    ],
  ] satisfies [string, Json][]
).map(([name, condition]) => extra(`everybody, bounded by ${name}`, everybody, { Condition: condition }));

const service = { Service: "sns.amazonaws.com" };

const services: readonly Breach[] = (
  [
    ["no source", undefined],
    ["a foreign source account", { StringEquals: { "aws:SourceAccount": hipaa.account } }],
    ["a source account that may be missing", { StringEqualsIfExists: { "aws:SourceAccount": own } }],
    ["a wildcard in the source account", { StringLike: { "aws:SourceAccount": "310*" } }],
    ["a wildcard account in the source ARN", { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:*:payments" } }],
    ["a source ARN without an account", { ArnLike: { "aws:SourceArn": "arn:aws:s3:::payments" } }],
    ["a source of the whole organization", { StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } }],
    ["the principal's account, which no service has", { StringEquals: { "aws:PrincipalAccount": own } }],
    [
      "a source path of the OU above",
      { "ForAnyValue:StringLike": { "aws:SourceOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*" } },
    ],
    [
      "another service's encryption context",
      { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${own}:*` } },
    ],
  ] satisfies [string, Json][]
).map(([name, condition]) =>
  extra(`a service with ${name}`, service, condition === undefined ? {} : { Condition: condition }),
);

/** What: the same foreigner with actions in every form, and Denies that only seem to take them away. */
const actions: readonly Breach[] = [
  extra("a foreign role with NotAction", { AWS: hipaa.role }, { Action: undefined, NotAction: "kms:PutKeyPolicy" }),
  extra("a foreign role with a cut action", { AWS: hipaa.role }, { Action: "kms:De*" }),
  extra("a foreign role with an action in capitals", { AWS: hipaa.role }, { Action: "KMS:DECRYPT" }),
  extra("a foreign role with every action", { AWS: hipaa.role }, { Action: ["*"] }),
  extra("a foreign role with question marks", { AWS: hipaa.role }, { Action: "kms:?ecrypt" }),
  extra("a foreign role that may only describe", { AWS: hipaa.role }, { Action: "kms:DescribeKey" }),
  extra("a foreign role that may only make grants", { AWS: hipaa.role }, { Action: "kms:CreateGrant" }),
  extra("a foreign role that may only rewrite the policy", { AWS: hipaa.role }, { Action: "kms:PutKeyPolicy" }),
  extra("a foreign role with an action of tomorrow", { AWS: hipaa.role }, { Action: "kms:DecryptStream" }),
  extra(
    "a foreign role whose Resource is a key of its own",
    { AWS: hipaa.role },
    {
      Resource: `arn:aws:kms:us-east-1:${hipaa.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    },
  ),
  {
    ...extra("a foreign role without a Sid", { AWS: hipaa.role }, { Sid: undefined }),
    found: { "zone-key-access": `${keyAt} statement number 14 ${hipaa.role}` },
  },
  extra("a foreign role with an element that AWS does not know", { AWS: hipaa.role }, { Comment: "reviewed" }),
  {
    ...extra("a Deny for another key's aliases, which key policies cannot read", {}),
    change: onPci((json) => {
      withStatement(json, pci.key, allow({ AWS: hipaa.role }));
      withStatement(json, pci.key, {
        ...allow({ AWS: hipaa.role }),
        Sid: "Never",
        Effect: "Deny",
        Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/payments-prod" } },
      });
    }),
  },
  {
    ...extra("a Deny by the key's tags, which anybody who tags can lift", {}),
    change: onPci((json) => {
      withStatement(json, pci.key, allow({ AWS: hipaa.role }));
      withStatement(json, pci.key, {
        ...allow({ AWS: hipaa.role }),
        Sid: "Never",
        Effect: "Deny",
        Condition: { StringEquals: { "aws:ResourceTag/Zone": "pci" } },
      });
    }),
  },
  {
    ...extra("a Deny that holds for one of its actions and not for the other", {}),
    change: onPci((json) => {
      const both = { Action: ["kms:Decrypt", "kms:RevokeGrant"] };
      withStatement(json, pci.key, allow({ AWS: hipaa.role }, both));
      withStatement(json, pci.key, {
        ...allow({ AWS: hipaa.role }, both),
        Sid: "Never",
        Effect: "Deny",
        // Only requests about grants have it, so Decrypt is denied and RevokeGrant is not.
        Condition: { Null: { "kms:GrantIsForAWSResource": "true" } },
      });
    }),
  },
  {
    ...extra("a Deny that the same role's sessions pass", {}),
    change: onPci((json) => {
      withStatement(json, pci.key, allow({ AWS: hipaa.role }));
      withStatement(json, pci.key, {
        ...allow({ AWS: `arn:aws:sts::${hipaa.account}:assumed-role/web/night` }),
        Sid: "Never",
        Effect: "Deny",
      });
    }),
  },
];

/** In what is already there, where a reviewer looks least. */
const inPlace: readonly Breach[] = [
  {
    name: "an own account swapped for another zone's",
    change: onPci((json) => {
      statementOf(json, pci.key, "UsePaymentsProdPaymentsApi").Principal.AWS = [hipaa.role];
    }),
    found: { "zone-key-access": `${keyAt} statement UsePaymentsProdPaymentsApi ${hipaa.role}` },
    within: [keyAt, "payments-prod"],
  },
  {
    name: "a foreign role as one more administrator",
    change: onPci((json) => {
      statementOf(json, pci.key, "Administrators").Principal.AWS.push(hipaa.role);
    }),
    found: { "zone-key-access": `${keyAt} statement Administrators ${hipaa.role}` },
    within: [keyAt],
  },
  {
    name: "the whole zone's path widened to the OU above, beside a named service principal's",
    change: onPci((json) => {
      const statement = statementOf(json, "pci-foundation_us-east-1", "UsePciFoundationProdPciLogReviewerPaymentsProd");
      statement.Principal = { AWS: "*" };
      statement.Condition["ForAnyValue:StringLike"]["aws:PrincipalOrgPaths"] = [
        "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*",
      ];
      statement.Condition.StringEquals["kms:CallerAccount"] = undefined;
    }),
    found: { "zone-key-access": "pci-key-management aws_kms_key.pci-foundation_us-east-1" },
    within: ["pci-key-management aws_kms_key.pci-foundation_us-east-1"],
  },
  {
    name: "a source account swapped in a service's statement",
    change: onPci((json) => {
      const { Condition } = statementOf(json, "pci-foundation_us-east-1", "ServiceConfig310000000002");
      Condition.StringEquals["aws:SourceAccount"] = [hipaa.account];
      Condition.ArnLike["aws:SourceArn"] = [`arn:aws:config:*:${hipaa.account}:*`];
    }),
    found: { "zone-key-access": "pci-foundation_us-east-1 statement ServiceConfig310000000002 config.amazonaws.com" },
    within: ["pci-key-management aws_kms_key.pci-foundation_us-east-1"],
  },
  {
    name: "a wildcard account in a trail's encryption context, with its source taken out",
    change: onPci((json) => {
      statementOf(json, "pci-foundation_us-east-1", "ServiceCloudtrail310000000002").Condition = {
        ArnLike: { "kms:EncryptionContext:aws:cloudtrail:arn": ["arn:aws:cloudtrail:*:*:trail/*"] },
      };
    }),
    found: { "zone-key-access": "pci-foundation_us-east-1 statement ServiceCloudtrail310000000002" },
    within: ["pci-key-management aws_kms_key.pci-foundation_us-east-1"],
  },
  {
    name: "a foreigner in the replica's policy alone",
    change: onPci((json) => withStatement(json, pci.replica, allow({ AWS: hipaa.role }))),
    found: { "zone-key-access": `${replicaAt} statement Extra ${hipaa.role}` },
    within: [replicaAt],
  },
  {
    name: "a foreigner in a policy that is written as text",
    change: onPci((json) => {
      const policy = structuredClone(policyOf(json, pci.key));
      policy.Statement.push(allow({ AWS: hipaa.role }));
      json.resource.aws_kms_key[pci.key].policy = JSON.stringify(policy).replaceAll("${", "$${");
    }),
    found: { "zone-key-access": `${keyAt} statement Extra ${hipaa.role}` },
    within: [keyAt],
  },
  {
    name: "a foreigner in a second local, which the key now takes",
    change: onPci((json) => {
      json.locals.reviewed = structuredClone(policyOf(json, pci.key));
      json.locals.reviewed.Statement.push(allow({ AWS: hipaa.role }));
      json.resource.aws_kms_key[pci.key].policy = "${jsonencode(local.reviewed)}";
    }),
    found: { "zone-key-access": `${keyAt} statement Extra ${hipaa.role}` },
    within: [keyAt],
  },
  {
    name: "a single statement for everybody instead of a list",
    change: onPci((json) => {
      policyOf(json, pci.key).Statement = allow("*");
    }),
    found: { "zone-key-access": `${keyAt} statement Extra everybody` },
    within: [keyAt],
  },
  {
    name: "another account of the same organization in a zone with full root access",
    change: onStack(corporate.stack, (json) => {
      withStatement(json, corporate.key, allow({ AWS: pci.consumerAccount }, { Action: "kms:*" }));
    }),
    found: { "zone-key-access": `shop-prod aws_kms_key.${corporate.key} statement Extra` },
    within: [`shop-prod aws_kms_key.${corporate.key}`],
  },
  {
    name: "a commercial account's number in a GovCloud policy",
    change: onStack("govcloud.security.gov-key-management", (json) => {
      withStatement(
        json,
        "case-management_prod_us-gov-west-1",
        allow({ AWS: `arn:aws-us-gov:iam::${hipaa.account}:root` }),
      );
    }),
    found: { "zone-key-access": "gov-key-management aws_kms_key.case-management_prod_us-gov-west-1 statement Extra" },
    within: ["gov-key-management aws_kms_key.case-management_prod_us-gov-west-1"],
  },
  {
    name: "a zone's account that is still pending, in another zone's key",
    change: added(allow({ AWS: "arn:aws:iam::320000000003:role/telehealth-api" })),
    found: { "zone-key-access": `${keyAt} statement Extra` },
    within: [keyAt],
  },
];

export const keyAccessBreaches: readonly Breach[] = [...named, ...unbounded, ...services, ...actions, ...inPlace];
