import { describe, expect, test } from "@jest/globals";
import { accessSample, renderAccessRoles } from "./access-sample";
import { allowing, type Caller, type Request, RolesInAccount } from "./roles-in-account";

const map = accessSample();
const corporate = renderAccessRoles(map, "corporate").document;
const places = {
  "the management account": new RolesInAccount(corporate, "100000000001"),
  "the account that keeps the StackSets": new RolesInAccount(corporate, "100000000002"),
  "any other account": new RolesInAccount(corporate, "210000000001"),
  "any account of another zone": new RolesInAccount(renderAccessRoles(map, "pci").document, "310000000002"),
} as const;
type Place = keyof typeof places;

const throughCloudFormation = { "aws:CalledVia": ["cloudformation.amazonaws.com"] };
const managed = { "aws:RequestTag/ManagedBy": "orgkeys", "aws:TagKeys": ["ManagedBy"] };
const guardrail = "arn:aws:organizations::100000000001:policy/o-a1b2c3d4e5/service_control_policy/p-12345678";
const stackIn = (account: string, name: string): string =>
  `arn:aws:cloudformation:us-east-1:${account}:stack/${name}/1234`;
const eventsRole = "arn:aws:iam::100000000001:role/orgkeys-key-events-us-east-1";
const boundary = "arn:aws:iam::100000000001:policy/orgkeys-boundary";
const eventsBoundary = "arn:aws:iam::100000000001:policy/orgkeys-key-events-boundary";
const bus = "arn:aws:events:us-east-1:100000000004:event-bus/orgkeys-corporate-key-events";
const rule = "arn:aws:events:us-east-1:100000000001:rule/orgkeys-key-events";
const guarded = { "aws:ResourceTag/ManagedBy": "orgkeys", "aws:ResourceTag/Zone": "corporate" };
const secret = "arn:aws:secretsmanager:us-east-1:100000000001:secret:orgkeys/baseline-keys-AbCdEf";
const key = "arn:aws:kms:us-east-1:100000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const leftToIam = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::100000000001:root" }, Action: "kms:*", Resource: "*" },
  ],
};
/** As the key of AWS Secrets Manager has it. */
const ofSecretsManager = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: {
        StringEquals: {
          "kms:CallerAccount": "100000000001",
          "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
        },
      },
    },
  ],
};

interface Row {
  readonly what: string;
  readonly request: Request;
  readonly only?: Place;
}
const row = (what: string, request: Request, only?: Place): Row => ({ what, request, ...(only ? { only } : {}) });
const inManagement = (what: string, request: Request): Row => row(what, request, "the management account");
const whereStackSetsAre = (what: string, request: Request): Row =>
  row(what, request, "the account that keeps the StackSets");

const rows: readonly Row[] = [
  inManagement("make a guardrail", { action: "organizations:CreatePolicy", resource: guardrail, context: managed }),
  inManagement("tag it", { action: "organizations:TagResource", resource: guardrail, context: managed }),
  ...["UpdatePolicy", "DeletePolicy", "AttachPolicy", "DetachPolicy", "UntagResource"].map((name) =>
    inManagement(`${name} of a guardrail`, {
      action: `organizations:${name}`,
      resource: guardrail,
      context: { "aws:ResourceTag/ManagedBy": "orgkeys" },
    }),
  ),
  ...["UpdatePolicy", "DeletePolicy", "AttachPolicy", "DetachPolicy"].map((name) =>
    row(`${name} of somebody else's policy`, { action: `organizations:${name}`, resource: guardrail }),
  ),
  ...["ou/o-a1b2c3d4e5/ou-ab12-31000000", "account/o-a1b2c3d4e5/310000000002"].map((target) =>
    inManagement(`attach one to ${target}`, {
      action: "organizations:AttachPolicy",
      resource: `arn:aws:organizations::100000000001:${target}`,
    }),
  ),
  ...["UpdatePolicy", "DeletePolicy", "AttachPolicy", "DetachPolicy", "TagResource", "UntagResource"].map((name) =>
    row(`${name} of a policy that somebody else has labelled, also as one's own`, {
      action: `organizations:${name}`,
      resource: guardrail,
      context: { ...managed, "aws:ResourceTag/ManagedBy": "landing-zone" },
    }),
  ),
  row("attach one to the organization's root", {
    action: "organizations:AttachPolicy",
    resource: "arn:aws:organizations::100000000001:root/o-a1b2c3d4e5/r-ab12",
  }),
  row("move an account", {
    action: "organizations:MoveAccount",
    resource: "arn:aws:organizations::100000000001:account/o-a1b2c3d4e5/310000000002",
  }),

  whereStackSetsAre("make a StackSet", { action: "cloudformation:CreateStackSet", context: managed }),
  row("make a StackSet that nobody knows whose it is", { action: "cloudformation:CreateStackSet" }),
  row("make a StackSet of a template that lies in a bucket", {
    action: "cloudformation:CreateStackSet",
    context: { ...managed, "cloudformation:TemplateUrl": "https://s3.amazonaws.com/bucket/template.yaml" },
  }),
  ...[
    "UpdateStackSet",
    "DeleteStackSet",
    "CreateStackInstances",
    "UpdateStackInstances",
    "DeleteStackInstances",
    "DescribeStackSet",
    "ListStackInstances",
    "DescribeStackSetOperation",
  ].flatMap((name) => [
    whereStackSetsAre(`${name} of a StackSet`, {
      action: `cloudformation:${name}`,
      resource: "arn:aws:cloudformation:us-east-1:100000000001:stackset/orgkeys-pci-access-roles:1234",
      delegated: true,
    }),
    row(`${name} of somebody else's StackSet`, {
      action: `cloudformation:${name}`,
      resource: "arn:aws:cloudformation:us-east-1:100000000001:stackset/landing-zone:1234",
      delegated: true,
    }),
  ]),
  whereStackSetsAre("find out that it may", { action: "organizations:ListDelegatedAdministrators" }),

  ...["CreateStack", "UpdateStack", "DeleteStack"].flatMap((name) => [
    inManagement(`${name}`, {
      action: `cloudformation:${name}`,
      resource: stackIn("100000000001", "orgkeys-corporate-baseline-keys"),
    }),
    row(`${name} of somebody else`, {
      action: `cloudformation:${name}`,
      resource: stackIn("100000000001", "landing-zone"),
    }),
    row(`${name} of the roles themselves`, {
      action: `cloudformation:${name}`,
      resource: stackIn("100000000001", "orgkeys-corporate-access-roles"),
    }),
    row(`${name} of a zone that is not the account's`, {
      action: `cloudformation:${name}`,
      resource: stackIn("100000000001", "orgkeys-pci-baseline-keys"),
    }),
    ...(name === "DeleteStack" ? [] : ["RoleArn", "TemplateUrl", "StackPolicyUrl"]).map((by) =>
      row(`${name} with a ${by}`, {
        action: `cloudformation:${name}`,
        resource: stackIn("100000000001", "orgkeys-corporate-baseline-keys"),
        context: { [`cloudformation:${by}`]: "arn:aws:iam::100000000001:role/admin" },
      }),
    ),
  ]),
  inManagement("have CloudFormation give a new key its alias", {
    action: "kms:CreateAlias",
    resource: key,
    context: throughCloudFormation,
    resourcePolicy: leftToIam,
  }),
  row("have it give another one to a key that has one", {
    action: "kms:CreateAlias",
    resource: key,
    context: { ...throughCloudFormation, "kms:ResourceAliases": ["alias/mine"] },
    resourcePolicy: leftToIam,
  }),
  row("have it give one to a key that somebody else has labelled", {
    action: "kms:CreateAlias",
    resource: key,
    context: { ...throughCloudFormation, "aws:ResourceTag/ManagedBy": "landing-zone" },
    resourcePolicy: leftToIam,
  }),
  ...["PutKeyPolicy", "TagResource", "UntagResource", "UpdateAlias", "DeleteAlias", "UpdateKeyDescription"].flatMap(
    (name) => [
      inManagement(`have CloudFormation ${name} of its keys`, {
        action: `kms:${name}`,
        resource: key,
        context: { ...throughCloudFormation, ...guarded, "kms:ResourceAliases": ["alias/default"] },
        resourcePolicy: leftToIam,
      }),
      row(`have CloudFormation ${name} of other keys that leave it to IAM`, {
        action: `kms:${name}`,
        resource: key,
        context: { ...throughCloudFormation, ...managed },
        resourcePolicy: leftToIam,
      }),
    ],
  ),
  inManagement("have CloudFormation replicate its keys", {
    action: "kms:ReplicateKey",
    resource: key,
    context: { ...throughCloudFormation, ...guarded, "kms:ReplicaRegion": "us-west-2" },
    resourcePolicy: leftToIam,
  }),
  row("have CloudFormation replicate them to another Region", {
    action: "kms:ReplicateKey",
    resource: key,
    context: { ...throughCloudFormation, ...guarded, "kms:ReplicaRegion": "eu-west-1" },
    resourcePolicy: leftToIam,
  }),
  row("have CloudFormation replicate another key that leaves it to IAM", {
    action: "kms:ReplicateKey",
    resource: key,
    context: { ...throughCloudFormation, "kms:ReplicaRegion": "us-west-2" },
    resourcePolicy: leftToIam,
  }),
  row("write the policy of a key that leaves it to IAM", {
    action: "kms:PutKeyPolicy",
    resource: key,
    resourcePolicy: leftToIam,
  }),
  inManagement("have CloudFormation tell replicas about their primaries", {
    action: "secretsmanager:CreateSecret",
    resource: secret,
    context: throughCloudFormation,
  }),
  inManagement("have AWS Secrets Manager encrypt that", {
    action: "kms:GenerateDataKey",
    resource: key,
    context: {
      "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
      "kms:CallerAccount": "100000000001",
      "kms:EncryptionContext:SecretARN": secret,
    },
    resourcePolicy: ofSecretsManager,
  }),
  row("have AWS Secrets Manager decrypt another secret", {
    action: "kms:Decrypt",
    resource: key,
    context: {
      "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
      "kms:CallerAccount": "100000000001",
      "kms:EncryptionContext:SecretARN": secret.replace("orgkeys/", "other/"),
    },
    resourcePolicy: ofSecretsManager,
  }),
  row("decrypt with a key that leaves it to IAM, through AWS Secrets Manager", {
    action: "kms:Decrypt",
    resource: key,
    context: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
    resourcePolicy: leftToIam,
  }),
  row("read a secret", { action: "secretsmanager:GetSecretValue", resource: secret.replace("orgkeys/", "other/") }),
  inManagement("have CloudFormation make a rule", {
    action: "events:PutRule",
    resource: rule,
    context: throughCloudFormation,
  }),
  inManagement("have CloudFormation send its events to the zone's bus", {
    action: "events:PutTargets",
    resource: rule,
    context: { ...throughCloudFormation, "events:TargetArn": [bus] },
  }),
  ...[["arn:aws:events:us-east-1:999999999999:event-bus/mine"], [bus, "arn:aws:sns:us-east-1:100000000001:all"]].map(
    (targets) =>
      row(`have CloudFormation send its events to ${targets.length} targets`, {
        action: "events:PutTargets",
        resource: rule,
        context: { ...throughCloudFormation, "events:TargetArn": targets },
      }),
  ),
  row("have CloudFormation send its events nobody knows where", {
    action: "events:PutTargets",
    resource: rule,
    context: throughCloudFormation,
  }),
  inManagement("put events on the zone's bus", { action: "events:PutEvents", resource: bus, delegated: true }),
  row("put events on another bus", { action: "events:PutEvents", resource: bus.replace("corporate", "pci") }),
  row("have CloudFormation open a bus that is not there", {
    action: "events:PutPermission",
    context: throughCloudFormation,
  }),
  inManagement("make the role that sends events, with the boundary that is for it", {
    action: "iam:CreateRole",
    resource: eventsRole,
    context: { ...throughCloudFormation, "iam:PermissionsBoundary": eventsBoundary },
  }),
  ...["CreateRole", "PutRolePolicy", "PutRolePermissionsBoundary"].flatMap((name) => [
    row(`${name} of the role that sends events, without a boundary`, {
      action: `iam:${name}`,
      resource: eventsRole,
      context: throughCloudFormation,
    }),
    row(`${name} of the role that sends events, with the boundary of the deploy role`, {
      action: `iam:${name}`,
      resource: eventsRole,
      context: { ...throughCloudFormation, "iam:PermissionsBoundary": boundary },
    }),
  ]),
  row("make it at a terminal", {
    action: "iam:CreateRole",
    resource: eventsRole,
    context: { "iam:PermissionsBoundary": eventsBoundary },
  }),
  row("give it a consumer policy", {
    action: "iam:AttachRolePolicy",
    resource: eventsRole,
    context: { "iam:PolicyARN": "arn:aws:iam::100000000001:policy/orgkeys/orgkeys-x" },
  }),
  row("change its boundary", { action: "iam:CreatePolicyVersion", resource: eventsBoundary }),
  row("make any other role", {
    action: "iam:CreateRole",
    resource: "arn:aws:iam::100000000001:role/x",
    context: { ...throughCloudFormation, "iam:PermissionsBoundary": eventsBoundary },
  }),
  inManagement("pass it to EventBridge", {
    action: "iam:PassRole",
    resource: eventsRole,
    context: { "iam:PassedToService": "events.amazonaws.com" },
  }),
  row("pass it to somebody else", {
    action: "iam:PassRole",
    resource: eventsRole,
    context: { "iam:PassedToService": "lambda.amazonaws.com" },
  }),
];

describe("the deploy role", () => {
  test.each(rows)("may, in the right place, $what", async ({ request, only }) => {
    for (const [place, roles] of Object.entries(places)) {
      expect([place, await roles.may("Deploy", request)]).toEqual([place, place === only ? "allowed" : "denied"]);
    }
  });
  test.each(rows)("and the audit role may nowhere: $what", async ({ request }) => {
    const reads = /:(Describe|List|Get)/.test(request.action) && !request.action.startsWith("secretsmanager:");
    if (reads) return;
    for (const [place, roles] of Object.entries(places)) {
      expect([place, await roles.may("Audit", request)]).toEqual([place, "denied"]);
    }
  });
});

describe("whatever role it makes, with whatever policy and trust,", () => {
  const foreign = "arn:aws:organizations::100000000001:policy/o-a1b2c3d4e5/service_control_policy/p-87654321";
  const never: readonly [what: string, request: Request][] = [
    ...["PutKeyPolicy", "CreateGrant", "ReplicateKey", "Decrypt", "ScheduleKeyDeletion"].map(
      (name): [string, Request] => [
        `${name} on a key that leaves it to IAM`,
        { action: `kms:${name}`, resource: key, resourcePolicy: leftToIam },
      ],
    ),
    ...["AttachPolicy", "DetachPolicy", "UpdatePolicy"].map((name): [string, Request] => [
      `${name} of a guardrail`,
      { action: `organizations:${name}`, resource: foreign },
    ]),
    [
      "attach one to the root",
      {
        action: "organizations:AttachPolicy",
        resource: "arn:aws:organizations::100000000001:root/o-a1b2c3d4e5/r-ab12",
      },
    ],
    ["assume a role", { action: "sts:AssumeRole", resource: "arn:aws:iam::210000000001:role/admin" }],
    ["put events on another bus", { action: "events:PutEvents", resource: `${bus}-2` }],
  ];
  test.each(never)("may never %s", async (_what, request) => {
    const { "the management account": there } = places;
    const role = "orgkeys-key-events-evil";
    expect(await there.madeRoleMay(role, "orgkeys-key-events-boundary", request)).toBe("denied");
  });

  test("may put events on the zone's bus", async () => {
    const request = { action: "events:PutEvents", resource: bus, delegated: true };
    const { "the management account": there } = places;
    expect(await there.madeRoleMay("orgkeys-key-events-us-east-1", "orgkeys-key-events-boundary", request)).toBe(
      "allowed",
    );
  });
});

test("where the management account has the zone's bus, CloudFormation opens it", async () => {
  const rollouts = map.rollouts.map((each) =>
    each.template === "key-events"
      ? { ...each, busAccount: map.accounts.find(({ name }) => name === "org-management") }
      : each,
  );
  const roles = new RolesInAccount(renderAccessRoles({ ...map, rollouts }, "corporate").document, "100000000001");
  const there = "arn:aws:events:us-east-1:100000000001:event-bus/orgkeys-corporate-key-events";
  for (const request of [
    { action: "events:PutPermission", context: throughCloudFormation },
    { action: "events:CreateEventBus", resource: there, context: throughCloudFormation },
    { action: "events:CreateArchive", resource: there, context: throughCloudFormation },
  ]) {
    expect([request.action, await roles.may("Deploy", request)]).toEqual([request.action, "allowed"]);
  }
});

test("with AdministratorAccess attached, the roles still cannot decrypt through any service but the one in the one place", async () => {
  const request = {
    action: "kms:Decrypt",
    resource: key,
    context: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
    resourcePolicy: leftToIam,
  };
  for (const [place, roles] of Object.entries(places)) {
    expect([place, await roles.may("Deploy", request, [allowing(["*"])])]).toEqual([place, "denied"]);
  }
});

describe("the audit role may", () => {
  const rowsOfAudit: readonly [what: string, place: Place, request: Request][] = [
    ...[
      "DescribeKey",
      "GetKeyPolicy",
      "GetKeyRotationStatus",
      "ListGrants",
      "ListKeyRotations",
      "ListResourceTags",
      "GetPublicKey",
    ].map((name): [string, Place, Request] => [
      `${name} of a key that does not name it`,
      "any other account",
      {
        action: `kms:${name}`,
        resource: key.replace("100000000001", "210000000001"),
        resourcePolicy: JSON.parse(JSON.stringify(leftToIam).replace("100000000001", "210000000001")),
      },
    ]),
    ["list keys", "any other account", { action: "kms:ListKeys" }],
    ["list aliases", "any other account", { action: "kms:ListAliases" }],
    ["look for key stores", "any other account", { action: "kms:DescribeCustomKeyStores" }],
    ...["GetPolicy", "GetPolicyVersion", "ListEntitiesForPolicy"].map((name): [string, Place, Request] => [
      `${name} of a consumer policy`,
      "any other account",
      { action: `iam:${name}`, resource: "arn:aws:iam::210000000001:policy/orgkeys/orgkeys-web" },
    ]),
    [
      "read the boundary",
      "any other account",
      { action: "iam:GetPolicyVersion", resource: "arn:aws:iam::210000000001:policy/orgkeys-boundary" },
    ],
    [
      "read the deploy role",
      "any other account",
      { action: "iam:GetRole", resource: "arn:aws:iam::210000000001:role/OrgKeysDeploy" },
    ],
    [
      "see attachments",
      "any other account",
      { action: "iam:ListAttachedRolePolicies", resource: "arn:aws:iam::210000000001:role/web" },
    ],
    [
      "see a stack of a StackSet",
      "any other account",
      {
        action: "cloudformation:DescribeStacks",
        resource: stackIn("210000000001", "StackSet-orgkeys-corporate-access-roles-1"),
      },
    ],
    [
      "see a rule",
      "any other account",
      { action: "events:DescribeRule", resource: "arn:aws:events:us-east-1:210000000001:rule/orgkeys-key-events" },
    ],
    ["read guardrails", "the management account", { action: "organizations:DescribePolicy", resource: guardrail }],
    ["list policies", "the management account", { action: "organizations:ListPolicies" }],
    [
      "see instances",
      "the account that keeps the StackSets",
      {
        action: "cloudformation:ListStackInstances",
        resource: "arn:aws:cloudformation:us-east-1:100000000001:stackset/orgkeys-pci-access-roles:1",
        delegated: true,
      },
    ],
    [
      "see an instance",
      "the account that keeps the StackSets",
      {
        action: "cloudformation:DescribeStackInstance",
        resource: "arn:aws:cloudformation:us-east-1:100000000001:stackset/orgkeys-pci-access-roles:1",
        delegated: true,
      },
    ],
  ];
  test.each(rowsOfAudit)("%s", async (_what, place, request) => {
    expect(await places[place].may("Audit", request)).toBe("allowed");
  });
});

describe("the roles can be assumed", () => {
  const pci = places["any account of another zone"];
  const tags = {
    "aws:RequestTag/Project": "orgkeys",
    "aws:RequestTag/Stage": "prod",
    "aws:TagKeys": ["Project", "Stage"],
  };
  const pipeline: Caller = {
    arn: "arn:aws:iam::310000000001:role/PciPipeline",
    organizationId: "o-a1b2c3d4e5",
    context: { ...tags, "sts:ExternalId": "acme-orgkeys" },
  };
  const reader: Caller = { ...pipeline, arn: "arn:aws:iam::310000000001:role/PciDriftReader" };
  const without = (name: string): Caller => ({
    ...pipeline,
    context: Object.fromEntries(Object.entries(pipeline.context).filter(([key]) => key !== name)),
  });
  const cases: readonly [who: string, caller: Caller, role: "Deploy" | "Audit", assume: string, tag: string][] = [
    ["by the zone's pipeline", pipeline, "Deploy", "allowed", "allowed"],
    ["by the zone's drift reader", reader, "Audit", "allowed", "allowed"],
    ["not by the pipeline for the audit role", pipeline, "Audit", "denied", "denied"],
    ["not by the drift reader for the deploy role", reader, "Deploy", "denied", "denied"],
    ["not without the external id, which tags do not have", without("sts:ExternalId"), "Deploy", "denied", "allowed"],
    [
      "not with another external id",
      { ...pipeline, context: { ...tags, "sts:ExternalId": "x" } },
      "Deploy",
      "denied",
      "allowed",
    ],
    ["not without one of the tags", without("aws:RequestTag/Stage"), "Deploy", "denied", "denied"],
    [
      "not with another value",
      { ...pipeline, context: { ...pipeline.context, "aws:RequestTag/Stage": "dev" } },
      "Deploy",
      "denied",
      "denied",
    ],
    [
      "not with a further tag",
      { ...pipeline, context: { ...pipeline.context, "aws:TagKeys": ["Project", "Stage", "Team"] } },
      "Deploy",
      "allowed",
      "denied",
    ],
    [
      "not by another role of that account",
      { ...pipeline, arn: "arn:aws:iam::310000000001:role/PciPipeline2" },
      "Deploy",
      "denied",
      "denied",
    ],
    [
      "not by a role of that name with a path",
      { ...pipeline, arn: "arn:aws:iam::310000000001:role/x/PciPipeline" },
      "Deploy",
      "denied",
      "denied",
    ],
    [
      "not by a role of that name in another account of the zone",
      { ...pipeline, arn: "arn:aws:iam::310000000002:role/PciPipeline" },
      "Deploy",
      "denied",
      "denied",
    ],
    [
      "not by a role of another zone",
      { ...pipeline, arn: "arn:aws:iam::110000000001:role/KeyPipeline" },
      "Deploy",
      "denied",
      "denied",
    ],
    [
      "not once the account has left the organization",
      { ...pipeline, organizationId: "o-zzzzzzzzzz" },
      "Deploy",
      "denied",
      "denied",
    ],
  ];
  test.each(cases)("%s", async (_who, caller, role, assume, tag) => {
    expect(await pci.mayBeAssumed(role, caller, "sts:AssumeRole")).toBe(assume);
    expect(await pci.mayBeAssumed(role, caller, "sts:TagSession")).toBe(tag);
  });

  test("with a source identity, by any role of the pipelines' accounts that may assume them, and of no other", async () => {
    const ask = (caller: Caller) => pci.mayBeAssumed("Deploy", caller, "sts:SetSourceIdentity");
    expect(await ask({ ...pipeline, context: {} })).toBe("allowed");
    expect(await ask({ ...pipeline, arn: "arn:aws:iam::310000000002:role/PciPipeline" })).toBe("denied");
    expect(await ask({ ...pipeline, organizationId: "o-zzzzzzzzzz" })).toBe("denied");
  });

  test("without external id and tags where the map has none, and with no tags at all", async () => {
    const caller: Caller = {
      arn: "arn:aws:iam::110000000001:role/KeyPipeline",
      organizationId: "o-a1b2c3d4e5",
      context: {},
    };
    const roles = places["any other account"];
    expect(await roles.mayBeAssumed("Deploy", caller, "sts:AssumeRole")).toBe("allowed");
    expect(await roles.mayBeAssumed("Deploy", { ...caller, context: tags }, "sts:TagSession")).toBe("denied");
  });
});
