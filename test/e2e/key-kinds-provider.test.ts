import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  ListGrantsCommand,
  ReplicateKeyCommand,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type AccountClients, type Emulator, type Environment, startEmulator } from "./emulator";
import { type HandWrittenStack, type JsonObject, keyPolicy, type Resources, writeStack } from "./hand-written-stack";
import { importKeyMaterial } from "./key-material";
import { apply, expectNoChanges, init, showPlanJson, terraform, terraformVariables } from "./terraform";

const OWNER = "111111111111";
const USER = "222222222222";
const ADOPTER = "333333333333";
const API = `arn:aws:iam::${ADOPTER}:role/api`;
const AUTO_SCALING = `arn:aws:iam::${USER}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
const WEST = { provider: "aws.us-west-2" };
const MATERIAL = Buffer.alloc(32, 7);
const MATERIAL_ENDS = new Date("2099-06-01T00:00:00Z");

/** What every key says, of whatever kind. */
function plain(accountId: string, ignored: readonly string[] = []): JsonObject {
  const lifecycle = { prevent_destroy: true, ...(ignored.length > 0 ? { ignore_changes: ignored } : {}) };
  return { policy: JSON.stringify(keyPolicy("aws", accountId)), deletion_window_in_days: 30, lifecycle };
}

/** Terraform never sees the material, and so must not mind when it ends. */
const external = { ...plain(OWNER, ["key_material_base64", "valid_to"]), tags: { Owner: "payments" } };

const ownerStack: HandWrittenStack = {
  accountId: OWNER,
  partition: "aws",
  regions: ["us-east-1", "us-west-2"],
  resource: {
    aws_kms_external_key: { imported: { ...external, multi_region: true } },
    aws_kms_key: {
      agreement: { ...plain(OWNER), customer_master_key_spec: "ECC_NIST_P384", key_usage: "KEY_AGREEMENT" },
      disabled: { ...plain(OWNER), is_enabled: false },
      mac: {
        ...plain(OWNER),
        customer_master_key_spec: "HMAC_256",
        key_usage: "GENERATE_VERIFY_MAC",
        multi_region: true,
      },
      shared: plain(OWNER),
      signing: { ...plain(OWNER), customer_master_key_spec: "RSA_4096", key_usage: "SIGN_VERIFY" },
    },
    aws_kms_replica_key: {
      "mac-west": {
        ...WEST,
        ...plain(OWNER),
        primary_key_arn: `\${aws_kms_key.mac.arn}`,
        enabled: false,
      },
    },
    aws_kms_alias: {
      imported: { name: "alias/imported", target_key_id: `\${aws_kms_external_key.imported.id}` },
      shared: { name: "alias/shared", target_key_id: `\${aws_kms_key.shared.key_id}` },
    },
  },
};

const ownerStackWithReplica: HandWrittenStack = {
  ...ownerStack,
  resource: {
    ...ownerStack.resource,
    aws_kms_replica_external_key: {
      "imported-west": { ...WEST, ...external, primary_key_arn: `\${aws_kms_external_key.imported.arn}` },
    },
  },
};

/** The user's account grants on the owner's key, as Auto Scaling needs it. */
const userStack: HandWrittenStack = {
  accountId: USER,
  partition: "aws",
  regions: ["us-east-1"],
  data: { aws_kms_key: { shared: { key_id: `arn:aws:kms:us-east-1:${OWNER}:alias/shared` } } },
  resource: {
    aws_kms_grant: {
      "auto-scaling": {
        key_id: `\${data.aws_kms_key.shared.arn}`,
        name: "auto-scaling",
        grantee_principal: AUTO_SCALING,
        operations: ["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext"],
      },
      service: {
        key_id: `\${data.aws_kms_key.shared.arn}`,
        grantee_principal: "dynamodb.us-east-1.amazonaws.com",
        retiring_principal: AUTO_SCALING,
        operations: ["Decrypt"],
      },
    },
  },
};

let folder: string;
let emulator: Emulator;
let environment: Environment;
let east: AccountClients;
let west: AccountClients;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-e2e-"));
  emulator = await startEmulator({ name: "key-kinds" });
  environment = { ...emulator.environment(), ...terraformVariables(folder) };
  await emulator.createRoles([API, AUTO_SCALING]);
  east = await emulator.clientsFor({ accountId: OWNER, region: "us-east-1" });
  west = await emulator.clientsFor({ accountId: OWNER, region: "us-west-2" });
});

afterAll(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function initialized(name: string, stack: HandWrittenStack): Promise<string> {
  const directory = writeStack(folder, name, stack);
  await init(directory, environment);
  return directory;
}

/** Each address that would change, and how. */
async function changes(directory: string): Promise<Record<string, string>> {
  const { resource_changes = [] } = await showPlanJson(directory, environment);
  const changing = resource_changes.filter(({ change }) => change.actions.join() !== "no-op");
  return Object.fromEntries(changing.map(({ address, change }) => [address, change.actions.join()]));
}

describe("keys of every kind", () => {
  const describeKey = async ({ kms }: AccountClients, KeyId: string) =>
    (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
  let directory: string;
  let importedId: string;

  beforeAll(async () => {
    directory = await initialized("owner", ownerStack);
    await apply(directory, environment);
    importedId = (await describeKey(east, "alias/imported"))?.KeyId ?? "";
  });

  test("are applied and have nothing to change", async () => {
    await expectNoChanges(directory, environment);
    expect(await describeKey(east, importedId)).toMatchObject({ KeyState: "PendingImport", Origin: "EXTERNAL" });
  });

  test("have nothing to change once their material is imported, with an end or without", async () => {
    await importKeyMaterial(east.kms, importedId, MATERIAL, MATERIAL_ENDS);
    await expectNoChanges(directory, environment);
    expect(await describeKey(east, importedId)).toMatchObject({ KeyState: "Enabled", ValidTo: MATERIAL_ENDS });
  });

  test("get a replica once there is material, which is imported there, too", async () => {
    writeStack(folder, "owner", ownerStackWithReplica);
    expect(await changes(directory)).toEqual({ "aws_kms_replica_external_key.imported-west": "create" });
    await apply(directory, environment);
    expect(await describeKey(west, importedId)).toMatchObject({ KeyState: "PendingImport" });
    await importKeyMaterial(west.kms, importedId, MATERIAL);
    await expectNoChanges(directory, environment);
    expect(await describeKey(west, importedId)).toMatchObject({ KeyState: "Enabled" });
  });

  test("leave no material in the state", () => {
    const state = readFileSync(join(directory, `${OWNER}.tfstate`), "utf8");
    expect(state).toContain(importedId);
    expect(state).not.toContain(MATERIAL.toString("base64"));
    const { resources } = JSON.parse(state) as {
      resources: { type: string; instances: { attributes: JsonObject }[] }[];
    };
    const attributes = resources.filter(({ type }) => type.endsWith("external_key")).map((one) => one.instances[0]);
    expect(attributes.map((one) => one?.attributes.key_material_base64)).toEqual([null, null]);
  });

  test("take another account's grants, to a service-linked role and to a service", async () => {
    const user = await initialized("user", userStack);
    await apply(user, environment);
    await expectNoChanges(user, environment);
    const shared = await describeKey(east, "alias/shared");
    const { Grants = [] } = await east.kms.send(new ListGrantsCommand({ KeyId: shared?.KeyId }));
    expect(Grants.map(({ GranteePrincipal }) => GranteePrincipal).sort()).toEqual([
      AUTO_SCALING,
      "dynamodb.us-east-1.amazonaws.com",
    ]);
  });
});

describe("a key that was there before", () => {
  let directory: string;
  let keyId: string;
  let stack: HandWrittenStack;

  /** The same resources under other names, one key with all that belongs to it. */
  const named = (name: string): Resources => ({
    aws_kms_key: { [name]: { ...plain(ADOPTER), multi_region: true, description: "legacy" } },
    aws_kms_replica_key: {
      [`${name}-west`]: { ...WEST, ...plain(ADOPTER), primary_key_arn: `\${aws_kms_key.${name}.arn}` },
    },
    aws_kms_alias: {
      [name]: { name: "alias/legacy", target_key_id: `\${aws_kms_key.${name}.key_id}` },
      [`${name}-west`]: {
        ...WEST,
        name: "alias/legacy",
        target_key_id: `\${aws_kms_replica_key.${name}-west.key_id}`,
      },
    },
    aws_kms_grant: {
      [name]: {
        key_id: `\${aws_kms_key.${name}.arn}`,
        name: "batch",
        grantee_principal: API,
        operations: ["Decrypt"],
      },
    },
  });
  const addresses = (resources: Resources) =>
    Object.entries(resources).flatMap(([type, ofType]) => Object.keys(ofType).map((name) => `${type}.${name}`));

  /** The key behind the alias, in both Regions. */
  const liveIds = () =>
    Promise.all(
      ["us-east-1", "us-west-2"].map(async (region) => {
        const { kms } = await emulator.clientsFor({ accountId: ADOPTER, region });
        const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/legacy" }));
        return `${KeyMetadata?.KeyId} ${KeyMetadata?.KeyState}`;
      }),
    );

  beforeAll(async () => {
    const { kms } = await emulator.clientsFor({ accountId: ADOPTER, region: "us-east-1" });
    const there = await emulator.clientsFor({ accountId: ADOPTER, region: "us-west-2" });
    const Policy = JSON.stringify(keyPolicy("aws", ADOPTER));
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ MultiRegion: true, Policy, Description: "legacy" }));
    const { KeyId = "", Arn } = KeyMetadata ?? {};
    keyId = KeyId;
    await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2", Policy }));
    for (const region of [kms, there.kms]) {
      await region.send(new CreateAliasCommand({ AliasName: "alias/legacy", TargetKeyId: KeyId }));
    }
    const grant = { KeyId, Name: "batch", GranteePrincipal: API, Operations: ["Decrypt" as const] };
    const { GrantId } = await kms.send(new CreateGrantCommand(grant));
    const ids: Record<string, string> = {
      aws_kms_key: KeyId,
      aws_kms_replica_key: KeyId,
      aws_kms_alias: "alias/legacy",
      aws_kms_grant: `${Arn}:${GrantId}`,
    };
    stack = {
      accountId: ADOPTER,
      partition: "aws",
      regions: ["us-east-1", "us-west-2"],
      resource: named("adopted"),
      import: addresses(named("adopted")).map((to) => ({ to, id: ids[to.split(".")[0] ?? ""] ?? "" })),
    };
    directory = await initialized("adopter", stack);
  });

  test("is adopted with all that belongs to it, and nothing of it changes", async () => {
    // What Terraform alone knows is noted in the state; AWS is asked for nothing.
    expect(await changes(directory)).toEqual({
      "aws_kms_key.adopted": "update",
      "aws_kms_replica_key.adopted-west": "update",
    });
    await apply(directory, environment);
    await expectNoChanges(directory, environment);
    expect(await liveIds()).toEqual([`${keyId} Enabled`, `${keyId} Enabled`]);
  });

  test("is not adopted as what it is not", async () => {
    const wrong = { ...plain(ADOPTER), customer_master_key_spec: "HMAC_256", key_usage: "GENERATE_VERIFY_MAC" };
    const other = await initialized("wrong", {
      ...stack,
      resource: { aws_kms_key: { adopted: wrong } },
      import: [{ to: "aws_kms_key.adopted", id: keyId }],
    });
    const run = await terraform(other, ["plan", "-no-color", "-input=false"], environment);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining("Instance cannot be destroyed") });
  });

  test("is renamed in the stack alone", async () => {
    const from = addresses(named("adopted"));
    const moved = addresses(named("renamed")).map((to, index) => ({ from: from[index] ?? "", to }));
    writeStack(folder, "adopter", { ...stack, import: [], resource: named("renamed"), moved });
    expect(await changes(directory)).toEqual({});
    await apply(directory, environment);
    await expectNoChanges(directory, environment);
    expect(await liveIds()).toEqual([`${keyId} Enabled`, `${keyId} Enabled`]);
  });

  describe("when it is handed over", () => {
    const removed = [...addresses(named("renamed")), "aws_kms_key.never-there"].map((from) => ({
      from,
      lifecycle: { destroy: false },
    }));
    /** What stays in the stack, and needs no provider of AWS. */
    const rest: Resources = { terraform_data: { rest: {} } };

    test("needs the provider of each of its Regions", async () => {
      writeStack(folder, "adopter", { ...stack, import: [], regions: ["us-east-1"], resource: rest, removed });
      const run = await terraform(directory, ["plan", "-no-color", "-input=false"], environment);
      expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining("Provider configuration not present") });
    });

    test("lives on, and the blocks that say so may stay", async () => {
      writeStack(folder, "adopter", { ...stack, import: [], resource: rest, removed });
      await apply(directory, environment);
      await expectNoChanges(directory, environment);
      expect(readFileSync(join(directory, `${ADOPTER}.tfstate`), "utf8")).not.toContain(keyId);
      expect(await liveIds()).toEqual([`${keyId} Enabled`, `${keyId} Enabled`]);
    });
  });
});
