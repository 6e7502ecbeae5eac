import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { kmsActions } from "../../modules/aws/kms-actions";
import type { Json } from "../checks/sample-output";
import { accessSample, renderAccessRoles } from "./access-sample";
import { allowing, type Request, RolesInAccount } from "./roles-in-account";

const map = accessSample();
const paymentsProd = "310000000002";
const keyManagement = "310000000001";

const inPci = new RolesInAccount(renderAccessRoles(map, "pci").document, paymentsProd);

const ouPaths = "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/";
const keyIn = (account: string): string => `arn:aws:kms:us-east-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const deployIn = (account: string): string => `arn:aws:iam::${account}:role/OrgKeysDeploy`;
const statement = (Principal: Json, Action: Json, Condition?: Json): Json => ({
  Effect: "Allow",
  Principal: { AWS: Principal },
  Action,
  Resource: "*",
  ...(Condition === undefined ? {} : { Condition }),
});
const policy = (...Statement: Json[]): Json => ({ Version: "2012-10-17", Statement });
/** What AWS gives a key that comes without a policy: everything to the account's IAM. */
const defaultPolicy = (account: string): Json => policy(statement(`arn:aws:iam::${account}:root`, "kms:*"));
/** A key that names the roles and gives them everything, as no policy of orgkeys does. */
const openPolicy = (account: string): Json =>
  policy(statement([deployIn(account), `arn:aws:iam::${account}:role/OrgKeysAudit`], "kms:*"));

test.each(["corporate", "hipaa", "pci"])("the template of zone %s is what people have reviewed", (zone) => {
  const { text } = renderAccessRoles(map, zone);
  const path = `test/rollouts/golden/access-roles-${zone}.yaml`;
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, "utf8"));
});

describe("the deploy role may", () => {
  const policies = "arn:aws:iam::310000000002:policy/orgkeys";
  const tagged = {
    "aws:RequestTag/ManagedBy": "orgkeys",
    "aws:RequestTag/Zone": "pci",
    "aws:TagKeys": ["ManagedBy", "Zone"],
  };
  const own = keyIn(paymentsProd);
  const rows: readonly [what: string, request: Request][] = [
    ["make a key", { action: "kms:CreateKey", context: tagged }],
    ["make a key whose tags AWS KMS does not tell, as a replica's", { action: "kms:CreateKey" }],
    [
      "tag it when it is made",
      { action: "kms:TagResource", resource: own, context: tagged, resourcePolicy: defaultPolicy(paymentsProd) },
    ],
    ["find aliases", { action: "kms:ListAliases" }],
    ["look for key stores", { action: "kms:DescribeCustomKeyStores" }],
    ...["CreateAlias", "UpdateAlias", "DeleteAlias"].map((name): [string, Request] => [
      `${name}, on the alias's side`,
      { action: `kms:${name}`, resource: "arn:aws:kms:us-east-1:310000000002:alias/payments-prod" },
    ]),
    ...["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListGrants", "ListResourceTags"].map(
      (name): [string, Request] => [
        `${name} of a key that does not name it`,
        { action: `kms:${name}`, resource: own, resourcePolicy: defaultPolicy(paymentsProd) },
      ],
    ),
    ...[...kmsActions.administering, "kms:RevokeGrant", "kms:CreateGrant", "kms:ReplicateKey"].map(
      (action): [string, Request] => [
        `${action} where the key's policy names it`,
        { action, resource: own, resourcePolicy: openPolicy(paymentsProd) },
      ],
    ),
    [
      "let AWS KMS make its role for multi-Region keys",
      {
        action: "iam:CreateServiceLinkedRole",
        resource:
          "arn:aws:iam::310000000002:role/aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceMultiRegionKeys",
        context: { "iam:AWSServiceName": "mrk.kms.amazonaws.com" },
      },
    ],
    ...[
      "CreatePolicy",
      "CreatePolicyVersion",
      "DeletePolicy",
      "DeletePolicyVersion",
      "GetPolicy",
      "GetPolicyVersion",
      "ListPolicyTags",
      "ListPolicyVersions",
      "TagPolicy",
      "UntagPolicy",
    ].map((name): [string, Request] => [
      `${name} of a consumer policy`,
      { action: `iam:${name}`, resource: `${policies}/orgkeys-api` },
    ]),
    ...["AttachRolePolicy", "DetachRolePolicy"].map((name): [string, Request] => [
      `${name} of a consumer policy`,
      {
        action: `iam:${name}`,
        resource: "arn:aws:iam::310000000002:role/service/payments-api",
        context: { "iam:PolicyARN": `${policies}/orgkeys-payments-api` },
      },
    ]),
    ...["AttachUserPolicy", "DetachUserPolicy"].map((name): [string, Request] => [
      `${name} of a consumer policy`,
      {
        action: `iam:${name}`,
        resource: "arn:aws:iam::310000000002:user/importer",
        context: { "iam:PolicyARN": `${policies}/orgkeys-user-importer` },
      },
    ]),
    [
      "see what is attached to a role",
      { action: "iam:ListAttachedRolePolicies", resource: "arn:aws:iam::310000000002:role/x" },
    ],
    [
      "see what is attached to a user",
      { action: "iam:ListAttachedUserPolicies", resource: "arn:aws:iam::310000000002:user/x" },
    ],
    [
      "find a key of another account of the zone",
      {
        action: "kms:DescribeKey",
        resource: keyIn(keyManagement),
        context: { "aws:ResourceOrgPaths": [ouPaths] },
        resourcePolicy: policy(statement(deployIn(paymentsProd), "kms:DescribeKey")),
      },
    ],
    [
      "make the grant that the policy of such a key lets it make",
      {
        action: "kms:CreateGrant",
        resource: keyIn(keyManagement),
        context: {
          "aws:ResourceOrgPaths": [ouPaths],
          "kms:GranteePrincipal": "arn:aws:iam::310000000002:role/payments-batch",
          "kms:RetiringPrincipal": deployIn(paymentsProd),
        },
        resourcePolicy: policy(statement(deployIn(paymentsProd), "kms:CreateGrant")),
      },
    ],
    [
      "end it again",
      {
        action: "kms:RetireGrant",
        resource: keyIn(keyManagement),
        resourcePolicy: policy(statement(deployIn(paymentsProd), "kms:RetireGrant")),
      },
    ],
  ];
  test.each(rows)("%s", async (_what, request) => {
    expect(await inPci.may("Deploy", request)).toBe("allowed");
  });
});

describe("the deploy role may not", () => {
  const own = keyIn(paymentsProd);
  const consumerPolicy = "arn:aws:iam::310000000002:policy/orgkeys/orgkeys-api";
  const grant = {
    action: "kms:CreateGrant",
    resource: keyIn(keyManagement),
    context: {
      "aws:ResourceOrgPaths": [ouPaths],
      "kms:GranteePrincipal": "arn:aws:iam::310000000002:role/payments-batch",
      "kms:RetiringPrincipal": deployIn(paymentsProd),
    },
    resourcePolicy: policy(statement("arn:aws:iam::310000000002:root", "kms:CreateGrant")),
  } as const;
  const rows: readonly [what: string, request: Request][] = [
    ...[
      ["with an alias", { "kms:ResourceAliases": ["alias/mine"] }],
      ["that somebody else has labelled", { "aws:ResourceTag/ManagedBy": "landing-zone" }],
      ["of another zone", { "aws:RequestTag/Zone": "hipaa" }],
    ].map(([which, context]): [string, Request] => [
      `tag a key ${which} that leaves it to IAM`,
      {
        action: "kms:TagResource",
        resource: own,
        context: {
          "aws:RequestTag/ManagedBy": "orgkeys",
          "aws:RequestTag/Zone": "pci",
          "aws:RequestTag/Team": "mine",
          ...(context as Request["context"]),
        },
        resourcePolicy: defaultPolicy(paymentsProd),
      },
    ]),
    [
      "tag a key without saying whose it is",
      { action: "kms:TagResource", resource: own, resourcePolicy: defaultPolicy(paymentsProd) },
    ],
    ...[
      "role/PciPipeline",
      "role/PciDriftReader",
      "role/PciKeyAdministrator",
      "role/PciKeyBreakGlass",
      "role/orgkeys-key-events-us-east-1",
      "role/stacksets-exec-0123456789abcdef0123456789abcdef",
    ].map((role): [string, Request] => [
      `attach a consumer policy to ${role}`,
      {
        action: "iam:AttachRolePolicy",
        resource: `arn:aws:iam::310000000002:${role}`,
        context: { "iam:PolicyARN": consumerPolicy },
      },
    ]),
    [
      "make a key that nobody can manage",
      {
        action: "kms:CreateKey",
        context: { "aws:RequestTag/ManagedBy": "orgkeys", "kms:BypassPolicyLockoutSafetyCheck": "true" },
      },
    ],
    ...[
      "CreateGrant",
      "PutKeyPolicy",
      "UntagResource",
      "CancelKeyDeletion",
      "RevokeGrant",
      "RetireGrant",
      "ReplicateKey",
    ].map((name): [string, Request] => [
      `${name} on a key that leaves it to IAM`,
      { action: `kms:${name}`, resource: own, resourcePolicy: defaultPolicy(paymentsProd) },
    ]),
    [
      "move an alias of a key that leaves it to IAM",
      {
        action: "kms:UpdateAlias",
        resource: own,
        resourcePolicy: defaultPolicy(paymentsProd),
      },
    ],
    [
      "grant to itself, even by the key's policy",
      {
        action: "kms:CreateGrant",
        resource: own,
        context: { "kms:GranteePrincipal": deployIn(paymentsProd) },
        resourcePolicy: openPolicy(paymentsProd),
      },
    ],
    [
      "grant to its own session",
      {
        action: "kms:CreateGrant",
        resource: own,
        context: { "kms:GranteePrincipal": "arn:aws:sts::310000000002:assumed-role/OrgKeysDeploy/orgkeys" },
        resourcePolicy: openPolicy(paymentsProd),
      },
    ],
    [
      "grant to the deploy role of another account",
      {
        action: "kms:CreateGrant",
        resource: own,
        context: { "kms:GranteePrincipal": deployIn(keyManagement) },
        resourcePolicy: openPolicy(paymentsProd),
      },
    ],
    [
      "grant on another account's key to a principal of that account",
      {
        ...grant,
        context: { ...grant.context, "kms:GranteePrincipal": "arn:aws:iam::310000000001:role/x" },
      },
    ],
    [
      "grant on another account's key what somebody else retires",
      {
        ...grant,
        context: { ...grant.context, "kms:RetiringPrincipal": "arn:aws:iam::310000000002:role/payments-batch" },
      },
    ],
    [
      "grant on another account's key what nobody retires",
      {
        ...grant,
        context: { "aws:ResourceOrgPaths": [ouPaths], "kms:GranteePrincipal": "arn:aws:iam::310000000002:role/x" },
      },
    ],
    [
      "grant on a key of another zone",
      {
        ...grant,
        resource: keyIn("320000000002"),
        context: {
          ...grant.context,
          "aws:ResourceOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-32000000/"],
        },
      },
    ],
    [
      "look at a key of another zone",
      {
        action: "kms:DescribeKey",
        resource: keyIn("320000000002"),
        context: { "aws:ResourceOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-32000000/"] },
        resourcePolicy: policy(statement("*", "kms:*")),
      },
    ],
    [
      "look at a key of no organization",
      {
        action: "kms:DescribeKey",
        resource: keyIn("999999999999"),
        resourcePolicy: policy(statement("*", "kms:*")),
      },
    ],
    [
      "write a policy of another name",
      { action: "iam:CreatePolicy", resource: "arn:aws:iam::310000000002:policy/orgkeys-api" },
    ],
    [
      "attach AdministratorAccess to a role",
      {
        action: "iam:AttachRolePolicy",
        resource: "arn:aws:iam::310000000002:role/payments-api",
        context: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
      },
    ],
    [
      "attach AdministratorAccess to itself",
      {
        action: "iam:AttachRolePolicy",
        resource: deployIn(paymentsProd),
        context: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
      },
    ],
    [
      "attach a consumer policy to itself",
      {
        action: "iam:AttachRolePolicy",
        resource: deployIn(paymentsProd),
        context: { "iam:PolicyARN": consumerPolicy },
      },
    ],
    [
      "attach a consumer policy to the audit role",
      {
        action: "iam:AttachRolePolicy",
        resource: "arn:aws:iam::310000000002:role/OrgKeysAudit",
        context: { "iam:PolicyARN": consumerPolicy },
      },
    ],
    [
      "attach AdministratorAccess to a user",
      {
        action: "iam:AttachUserPolicy",
        resource: "arn:aws:iam::310000000002:user/importer",
        context: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
      },
    ],
    [
      "let any other service make its role",
      {
        action: "iam:CreateServiceLinkedRole",
        resource: "arn:aws:iam::310000000002:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
        context: { "iam:AWSServiceName": "rds.amazonaws.com" },
      },
    ],
    ["make a role", { action: "iam:CreateRole", resource: "arn:aws:iam::310000000002:role/x" }],
    ["pass a role", { action: "iam:PassRole", resource: "arn:aws:iam::310000000002:role/x" }],
    ["assume a role", { action: "sts:AssumeRole", resource: "arn:aws:iam::310000000001:role/OrgKeysDeploy" }],
    [
      "make a StackSet",
      { action: "cloudformation:CreateStackSet", context: { "aws:RequestTag/ManagedBy": "orgkeys" } },
    ],
    [
      "change a StackSet",
      {
        action: "cloudformation:UpdateStackSet",
        resource: "arn:aws:cloudformation:us-east-1:310000000002:stackset/orgkeys-pci-access-roles:1234",
      },
    ],
    [
      "change a stack",
      {
        action: "cloudformation:UpdateStack",
        resource: "arn:aws:cloudformation:us-east-1:310000000002:stack/StackSet-orgkeys-pci-access-roles-1/2",
      },
    ],
    [
      "read a secret",
      {
        action: "secretsmanager:GetSecretValue",
        resource: "arn:aws:secretsmanager:us-east-1:310000000002:secret:x-123456",
      },
    ],
    ["read an object", { action: "s3:GetObject", resource: "arn:aws:s3:::bucket/key" }],
    [
      "attach a guardrail",
      {
        action: "organizations:AttachPolicy",
        resource: "arn:aws:organizations::100000000001:ou/o-a1b2c3d4e5/ou-ab12-31000000",
      },
    ],
  ];
  test.each(rows)("%s", async (_what, request) => {
    expect(await inPci.may("Deploy", request)).toBe("denied");
  });
});

const everything = allowing(["*"]);
const never: readonly [what: string, request: Request][] = [
  ...[...kmsActions.cryptographic, ...kmsActions.destroying, ...kmsActions.importing, "kms:UpdatePrimaryRegion"].map(
    (action): [string, Request] => [
      `${action} on a key that names it`,
      { action, resource: keyIn(paymentsProd), resourcePolicy: openPolicy(paymentsProd) },
    ],
  ),
  ...["kms:DeleteCustomKeyStore", "kms:DisconnectCustomKeyStore"].map((action): [string, Request] => [
    action,
    { action },
  ]),
  ...[
    "DeleteRolePermissionsBoundary",
    "PutRolePermissionsBoundary",
    "UpdateAssumeRolePolicy",
    "PutRolePolicy",
    "DeleteRolePolicy",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "UpdateRole",
    "TagRole",
    "UntagRole",
    "DeleteRole",
    "PassRole",
  ].flatMap((name) =>
    ["OrgKeysDeploy", "OrgKeysAudit"].map((role): [string, Request] => [
      `${name} on ${role}`,
      {
        action: `iam:${name}`,
        resource: `arn:aws:iam::310000000002:role/${role}`,
        context: {
          "iam:PermissionsBoundary": "arn:aws:iam::310000000002:policy/orgkeys-boundary",
          "iam:PolicyARN": "arn:aws:iam::310000000002:policy/orgkeys/orgkeys-api",
        },
      },
    ]),
  ),
  ...["CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion", "TagPolicy"].map(
    (name): [string, Request] => [
      `${name} on the boundary`,
      { action: `iam:${name}`, resource: "arn:aws:iam::310000000002:policy/orgkeys-boundary" },
    ],
  ),
  [
    "lift the boundary of another role",
    { action: "iam:DeleteRolePermissionsBoundary", resource: "arn:aws:iam::310000000002:role/x" },
  ],
  ...[{}, { "iam:PermissionsBoundary": "arn:aws:iam::310000000002:policy/orgkeys-boundary" }].flatMap((context) =>
    ["CreateRole", "PutRolePolicy"].map((name): [string, Request] => [
      `${name} ${"iam:PermissionsBoundary" in context ? "with" : "without"} the boundary`,
      { action: `iam:${name}`, resource: "arn:aws:iam::310000000002:role/orgkeys-x", context },
    ]),
  ),
  ["assume another role", { action: "sts:AssumeRole", resource: "arn:aws:iam::310000000001:role/OrgKeysDeploy" }],
  ["assume itself", { action: "sts:AssumeRole", resource: deployIn(paymentsProd) }],
  ["read an object", { action: "s3:GetObject", resource: "arn:aws:s3:::bucket/key" }],
  ["make a user", { action: "iam:CreateUser", resource: "arn:aws:iam::310000000002:user/x" }],
  ["make a StackSet", { action: "cloudformation:CreateStackSet", context: { "aws:RequestTag/ManagedBy": "orgkeys" } }],
];

describe.each(["Deploy", "Audit"] as const)("with AdministratorAccess attached, the boundary lets %s never", (role) => {
  test.each(never)("%s", async (_what, request) => {
    expect(await inPci.may(role, request, [everything])).toBe("denied");
  });
});
