import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetPolicyCommand, GetPolicyVersionCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import { CreateBucketCommand, DeleteObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, type Environment, startEmulator } from "./emulator";
import { type HandWrittenStack, type JsonObject, keyArguments, keyPolicy, writeStack } from "./hand-written-stack";
import { inParallel } from "./in-parallel";
import {
  apply,
  expectNoChanges,
  init,
  planExitCode,
  showPlanJson,
  TERRAFORM_AT_ONCE,
  terraform,
  terraformVariables,
} from "./terraform";

const OWNER = "111111111111";
const PARTNER = "222222222222";
const GOVERNMENT = "333333333333";
const STATE = "555555555555";

const API = `arn:aws:iam::${OWNER}:role/payments-api`;
const PARTNER_API = `arn:aws:iam::${PARTNER}:role/app/partner-api`;
const GOVERNMENT_API = `arn:aws-us-gov:iam::${GOVERNMENT}:role/case-api`;
const WEST = { provider: "aws.us-west-2" };

const ownerStack: HandWrittenStack = {
  accountId: OWNER,
  partition: "aws",
  regions: ["us-east-1", "us-west-2"],
  locals: {
    "payments-policy": keyPolicy("aws", OWNER, API),
    "payments-replica-policy": keyPolicy("aws", OWNER),
    "payments-api-policy": {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "kms:Decrypt", Resource: `arn:aws:kms:us-east-1:${PARTNER}:key/*` }],
    },
  },
  resource: {
    aws_kms_key: { payments: { description: "primary", ...keyArguments("payments-policy", { Owner: "payments" }) } },
    aws_kms_replica_key: {
      "payments-west": {
        ...WEST,
        description: "replica",
        primary_key_arn: `\${aws_kms_key.payments.arn}`,
        policy: `\${jsonencode(local.payments-replica-policy)}`,
        deletion_window_in_days: 30,
        tags: { Owner: "recovery" },
        lifecycle: { prevent_destroy: true },
      },
    },
    aws_kms_alias: {
      payments: { name: "alias/payments-prod", target_key_id: `\${aws_kms_key.payments.key_id}` },
      "payments-west": {
        ...WEST,
        name: "alias/payments-prod",
        target_key_id: `\${aws_kms_replica_key.payments-west.key_id}`,
      },
    },
    aws_kms_grant: {
      batch: {
        name: "batch",
        key_id: `\${aws_kms_key.payments.key_id}`,
        grantee_principal: API,
        operations: ["Decrypt", "GenerateDataKey"],
        constraints: [{ encryption_context_equals: { app: "payments" } }],
      },
      "batch-west": {
        ...WEST,
        name: "batch-west",
        key_id: `\${aws_kms_replica_key.payments-west.key_id}`,
        grantee_principal: API,
        operations: ["Decrypt"],
      },
    },
    aws_iam_policy: { api: { name: "payments-api-kms", policy: `\${jsonencode(local.payments-api-policy)}` } },
    aws_iam_role_policy_attachment: { api: { role: "payments-api", policy_arn: `\${aws_iam_policy.api.arn}` } },
  },
};

/** What a later change of the map may ask for: each of these has to happen in place. */
function editedOwnerStack(): HandWrittenStack {
  const { aws_kms_key, aws_kms_alias, aws_kms_replica_key } = ownerStack.resource;
  const partnersKey = `\${data.aws_kms_key.partner.arn}`;
  return {
    ...ownerStack,
    regions: ["us-east-1", "us-west-2", "eu-west-1"],
    locals: { ...ownerStack.locals, "payments-policy": keyPolicy("aws", OWNER, PARTNER_API) },
    data: { aws_kms_key: { partner: { key_id: `arn:aws:kms:us-east-1:${PARTNER}:alias/partner-prod` } } },
    resource: {
      ...ownerStack.resource,
      aws_kms_key: {
        payments: {
          ...aws_kms_key?.payments,
          description: "primary, renamed",
          rotation_period_in_days: 365,
          tags: { Owner: "billing", Zone: "pci" },
        },
        successor: { description: "successor", ...keyArguments("payments-replica-policy", { Owner: "payments" }) },
      },
      aws_kms_alias: {
        ...aws_kms_alias,
        payments: { name: "alias/payments-prod", target_key_id: `\${aws_kms_key.successor.key_id}` },
      },
      aws_kms_replica_key: {
        ...aws_kms_replica_key,
        "payments-europe": { ...aws_kms_replica_key?.["payments-west"], provider: "aws.eu-west-1" },
      },
      // The using account makes the grant on the owner's key, as for Auto Scaling's service-linked role.
      aws_kms_grant: {
        ...ownerStack.resource.aws_kms_grant,
        partner: { name: "partner", key_id: partnersKey, grantee_principal: API, operations: ["Decrypt"] },
      },
    },
  };
}

function oneKey(accountId: string, partition: string, region: string, name: string, user: string): HandWrittenStack {
  return {
    accountId,
    partition,
    regions: [region],
    locals: { policy: keyPolicy(partition, accountId, user) },
    resource: {
      aws_kms_key: { key: { description: name, ...keyArguments("policy", { Owner: name }) } },
      aws_kms_alias: { key: { name: `alias/${name}`, target_key_id: `\${aws_kms_key.key.key_id}` } },
      aws_kms_grant: {
        user: { name: "user", key_id: `\${aws_kms_key.key.key_id}`, grantee_principal: user, operations: ["Decrypt"] },
      },
    },
  };
}

const governmentStack = oneKey(GOVERNMENT, "aws-us-gov", "us-gov-west-1", "case-prod", GOVERNMENT_API);

const stateStack: HandWrittenStack = {
  ...oneKey(STATE, "aws", "us-east-1", "state-prod", API),
  backend: {
    s3: {
      bucket: "orgkeys-state",
      key: `${STATE}.tfstate`,
      region: "us-east-1",
      use_lockfile: true,
      use_path_style: true,
      assume_role: { role_arn: `arn:aws:iam::${STATE}:role/OrgKeysDeploy` },
    },
  },
};

/** What AWS answers about the key behind an alias in one Region. */
async function readBack(kms: KMSClient, alias: string) {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
  const KeyId = KeyMetadata?.KeyId ?? "";
  const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  const { Tags } = await kms.send(new ListResourceTagsCommand({ KeyId }));
  const { Grants } = await kms.send(new ListGrantsCommand({ KeyId }));
  const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId }));
  const rotation = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
  return {
    metadata: KeyMetadata,
    policy: JSON.parse(Policy) as JsonObject,
    tags: Object.fromEntries((Tags ?? []).map(({ TagKey, TagValue }) => [TagKey, TagValue])),
    grants: (Grants ?? []).map((grant) => ({ ...grant, Operations: grant.Operations?.toSorted() })),
    aliases: (Aliases ?? []).map((one) => one.AliasName),
    rotationDays: rotation.KeyRotationEnabled ? rotation.RotationPeriodInDays : undefined,
  };
}

let folder: string;
let emulator: Emulator;
let environment: Environment;
const directories: Record<string, string> = {};

function directoryOf(name: string): string {
  return directories[name] ?? "";
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-e2e-"));
  emulator = await startEmulator();
  environment = { ...emulator.environment(), ...terraformVariables(folder) };
  await emulator.createRoles([API, PARTNER_API, GOVERNMENT_API]);
  const state = await emulator.clientsFor({ accountId: STATE, region: "us-east-1" });
  await state.s3.send(new CreateBucketCommand({ Bucket: "orgkeys-state" }));
  const stacks = {
    owner: ownerStack,
    partner: oneKey(PARTNER, "aws", "us-east-1", "partner-prod", API),
    government: governmentStack,
    state: stateStack,
  };
  await inParallel(Object.entries(stacks), TERRAFORM_AT_ONCE, async ([name, stack]) => {
    const directory = writeStack(folder, name, stack);
    directories[name] = directory;
    await init(directory, environment);
    await apply(directory, environment);
  });
});

afterAll(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each(["owner", "partner", "government", "state"])(
  "the %s stack has nothing to change once it is applied",
  async (name) => {
    await expectNoChanges(directoryOf(name), environment);
  },
);

test("a primary has what its stack says", async () => {
  const { kms } = await emulator.clientsFor({ accountId: OWNER, region: "us-east-1" });
  const { metadata, ...key } = await readBack(kms, "alias/payments-prod");
  expect(key).toEqual({
    policy: keyPolicy("aws", OWNER, API),
    tags: { Owner: "payments" },
    aliases: ["alias/payments-prod"],
    rotationDays: 180,
    grants: [
      expect.objectContaining({
        Name: "batch",
        KeyId: metadata?.Arn,
        GranteePrincipal: API,
        Operations: ["Decrypt", "GenerateDataKey"],
        Constraints: { EncryptionContextEquals: { app: "payments" } },
      }),
    ],
  });
  expect(metadata).toMatchObject({ AWSAccountId: OWNER, Description: "primary", KeyState: "Enabled" });
  expect(metadata?.MultiRegionConfiguration).toMatchObject({
    MultiRegionKeyType: "PRIMARY",
    PrimaryKey: { Region: "us-east-1" },
    ReplicaKeys: [{ Region: "us-west-2" }],
  });
});

test("a replica has its own policy, tags, description, alias and grants, and its primary's id and rotation", async () => {
  const { kms } = await emulator.clientsFor({ accountId: OWNER, region: "us-west-2" });
  const { metadata, ...key } = await readBack(kms, "alias/payments-prod");
  expect(key).toEqual({
    policy: keyPolicy("aws", OWNER),
    tags: { Owner: "recovery" },
    aliases: ["alias/payments-prod"],
    rotationDays: 180,
    grants: [expect.objectContaining({ Name: "batch-west", KeyId: metadata?.Arn, Operations: ["Decrypt"] })],
  });
  expect(metadata).toMatchObject({
    Description: "replica",
    Arn: expect.stringContaining(`:us-west-2:${OWNER}:key/mrk-`),
  });
  expect(metadata?.MultiRegionConfiguration).toMatchObject({
    MultiRegionKeyType: "REPLICA",
    PrimaryKey: { Region: "us-east-1", Arn: metadata?.Arn?.replace("us-west-2", "us-east-1") },
    ReplicaKeys: [{ Region: "us-west-2" }],
  });
});

test("a consumer policy is attached to the role that was there first", async () => {
  const { iam } = await emulator.clientsFor({ accountId: OWNER, region: "us-east-1" });
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: "payments-api" }));
  const PolicyArn = `arn:aws:iam::${OWNER}:policy/payments-api-kms`;
  expect(AttachedPolicies).toEqual([{ PolicyName: "payments-api-kms", PolicyArn }]);
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }));
  const document = JSON.parse(decodeURIComponent(version.PolicyVersion?.Document ?? ""));
  expect(document).toEqual(ownerStack.locals?.["payments-api-policy"]);
});

test("a second account's key names the first account's role in policy and grant", async () => {
  const { kms } = await emulator.clientsFor({ accountId: PARTNER, region: "us-east-1" });
  const key = await readBack(kms, "alias/partner-prod");
  expect(key.policy).toEqual(keyPolicy("aws", PARTNER, API));
  expect(key.grants).toMatchObject([{ Name: "user", GranteePrincipal: API }]);
  expect(key.metadata?.AWSAccountId).toBe(PARTNER);
});

test("a GovCloud key lives in its own partition", async () => {
  const target = { accountId: GOVERNMENT, region: "us-gov-west-1", partition: "aws-us-gov" };
  const { kms } = await emulator.clientsFor(target);
  const key = await readBack(kms, "alias/case-prod");
  expect(key.metadata?.Arn).toMatch(/^arn:aws-us-gov:kms:us-gov-west-1:333333333333:key\/mrk-/);
  expect(key.grants).toMatchObject([{ GranteePrincipal: GOVERNMENT_API }]);
});

describe("the S3 backend", () => {
  test("keeps the state in the bucket and no lock behind", async () => {
    const { s3 } = await emulator.clientsFor({ accountId: STATE, region: "us-east-1" });
    const object = (Key: string) => s3.send(new HeadObjectCommand({ Bucket: "orgkeys-state", Key }));
    await expect(object(`${STATE}.tfstate`)).resolves.toMatchObject({ ContentLength: expect.any(Number) });
    await expect(object(`${STATE}.tfstate.tflock`)).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
  });

  test("refuses to run while another run holds the lock", async () => {
    const { s3 } = await emulator.clientsFor({ accountId: STATE, region: "us-east-1" });
    const lock = { Bucket: "orgkeys-state", Key: `${STATE}.tfstate.tflock` };
    await s3.send(new PutObjectCommand({ ...lock, Body: JSON.stringify({ ID: "1", Operation: "held", Who: "e2e" }) }));
    const run = await terraform(directoryOf("state"), ["plan", "-no-color", "-input=false"], environment);
    await s3.send(new DeleteObjectCommand(lock));
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining("Error acquiring the state lock") });
  });
});

describe("an edited stack", () => {
  test("is planned without replacing anything", async () => {
    const directory = writeStack(folder, "owner", editedOwnerStack());
    await init(directory, environment);
    expect(await planExitCode(directory, environment)).toBe(2);
    const { resource_changes = [] } = await showPlanJson(directory, environment);
    const changes = resource_changes.filter(
      ({ change }) => change.actions.join() !== "no-op" && change.actions.join() !== "read",
    );
    expect(Object.fromEntries(changes.map(({ address, change }) => [address, change.actions]))).toEqual({
      "aws_kms_alias.payments": ["update"],
      "aws_kms_grant.partner": ["create"],
      "aws_kms_key.payments": ["update"],
      "aws_kms_key.successor": ["create"],
      "aws_kms_replica_key.payments-europe": ["create"],
    });
  });

  test("applies in place and then has nothing to change", async () => {
    await apply(directoryOf("owner"), environment);
    await expectNoChanges(directoryOf("owner"), environment);
    const west = await emulator.clientsFor({ accountId: OWNER, region: "us-west-2" });
    const { metadata } = await readBack(west.kms, "alias/payments-prod");
    const { kms } = await emulator.clientsFor({ accountId: OWNER, region: "us-east-1" });
    const primary = await readBack(kms, metadata?.KeyId ?? "");
    expect(primary).toMatchObject({
      metadata: { Description: "primary, renamed" },
      policy: keyPolicy("aws", OWNER, PARTNER_API),
      tags: { Owner: "billing", Zone: "pci" },
      rotationDays: 365,
      aliases: [],
    });
    expect(primary.metadata?.MultiRegionConfiguration?.ReplicaKeys?.map(({ Region }) => Region)).toEqual([
      "eu-west-1",
      "us-west-2",
    ]);
    const successor = await readBack(kms, "alias/payments-prod");
    expect(successor.metadata).toMatchObject({ Description: "successor" });
  });

  test("makes its grant on the other account's key there, not at home", async () => {
    const { kms } = await emulator.clientsFor({ accountId: PARTNER, region: "us-east-1" });
    const key = await readBack(kms, "alias/partner-prod");
    expect(key.grants.map(({ Name }) => Name).sort()).toEqual(["partner", "user"]);
  });
});
