import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  ReplicateKeyCommand,
} from "@aws-sdk/client-kms";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { isLetGo } from "../../modules/aws/key-step";
import type { PlannedKey } from "../../modules/keys/key-plan";
import type { LoadedPlan } from "../../stacks/load-plan";
import { inParallel } from "./in-parallel";
import { importKeyMaterial } from "./key-material";
import { expectedKeys, keyIdsIn, readConsumerPolicy, readKey, withKeyArns } from "./live-keys";
import { type LiveOrganization, startOrganization } from "./organization";
import { init, showPlanJson, TERRAFORM_AT_ONCE, validate } from "./terraform";

const MATERIAL = Buffer.alloc(32, 7);
const MATERIAL_ENDS = new Date("2028-11-20T00:00:00Z");
/** The zone of keys with imported material; its state is in S3, whose buckets answer on paths in the emulator. */
const OUTPOST = "outpost";
const BACKEND = { use_path_style: "true" };
/** Its stacks have custom key stores, or look for keys that are in them. */
const SEALED = "sealed";

let live: LiveOrganization;
let config: string;
let loaded: LoadedPlan;
let adoptedId: string;

beforeAll(async () => {
  live = await startOrganization("features");
  config = join(live.folder, "config");
  cpSync("test/fixtures/features", config, { recursive: true });
  loaded = await live.load(config);
});
afterAll(() => live?.stop());

/** Edits a file of the map, and synthesizes it anew. */
async function edit(file: string, ...edits: readonly [from: string | RegExp, to: string][]): Promise<void> {
  const path = join(config, file);
  for (const [from, to] of edits) {
    const text = readFileSync(path, "utf8");
    const edited = text.replace(from, to);
    expect(edited).not.toBe(text);
    writeFileSync(path, edited);
  }
  loaded = await live.load(config);
}

const stackOf = (account: string): string =>
  loaded.accounts.find((each) => each.stack.endsWith(`.${account}`))?.stack ?? account;

const stacksOf = (isOf: (zone: string) => boolean): string[] =>
  loaded.accounts.filter(({ zone }) => isOf(zone.name)).map(({ stack }) => stack);

const looksForKeys = (stack: string): boolean =>
  readFileSync(join(live.stackFolder(stack), "cdk.tf.json"), "utf8").includes('"data": {');

/** Keys come first, and then the stacks that look for them. */
async function applyInOrder(stacks: readonly string[], backend?: Readonly<Record<string, string>>): Promise<void> {
  await live.apply(
    stacks.filter((stack) => !looksForKeys(stack)),
    backend,
  );
  await live.apply(stacks.filter(looksForKeys), backend);
}

const keysOf = (isOf: (zone: string) => boolean): PlannedKey[] =>
  loaded.plan.keys.filter((key) => key.status === "planned" && isOf(key.zone) && !isLetGo(key.step));

/** Holds every key, replica and consumer policy of some zones against the plan. */
async function expectPlanned(isOf: (zone: string) => boolean): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const planned of keysOf(isOf)) {
    for (const expected of expectedKeys(planned, loaded.plan.userGrants)) {
      const place = { accountId: planned.accountId, region: expected.region, partition: planned.partition };
      const { keyId, key } = await readKey(live.emulator, place, planned.alias);
      expect(key).toEqual(expected);
      ids.add(keyId);
    }
  }
  for (const planned of loaded.plan.consumerPolicies.filter((each) => each.status === "planned" && isOf(each.zone))) {
    const { document, tags, attached } = await readConsumerPolicy(live.emulator, planned, "us-east-1");
    expect(document).toEqual(await withKeyArns(live.emulator, planned));
    expect(tags).toEqual(planned.tags);
    expect(attached).toBe(planned.attachTo === undefined ? undefined : true);
  }
  return ids;
}

async function expectNoOtherKeys(isOf: (zone: string) => boolean, known: ReadonlySet<string>): Promise<void> {
  for (const { id, organization, zone } of loaded.map.accounts) {
    if (!isOf(zone)) continue;
    for (const region of organization.regions) {
      const found = await keyIdsIn(live.emulator, { accountId: id, region, partition: organization.partition });
      expect(found.filter((keyId) => !known.has(keyId))).toEqual([]);
    }
  }
}

test("every stack of the feature organization is valid", async () => {
  expect(loaded.stacks.length).toBeGreaterThan(12);
  await inParallel(loaded.stacks, TERRAFORM_AT_ONCE, ({ name }) => validate(live.stackFolder(name), live.environment));
});

describe("the feature organization without key stores and imported material", () => {
  const isOf = (zone: string): boolean => ![OUTPOST, SEALED].includes(zone);

  beforeAll(async () => {
    const { id, grantId } = await makeLegacyKey();
    adoptedId = id;
    await edit("lifecycle.yaml", [/keyId: .+/, `keyId: ${id}`], [/(legacy-batch: )\w+/, `$1${grantId}`]);
  });

  test("applies, with a key that was there before and one that is disabled", async () => {
    const imported = stackOf("app-test");
    await init(live.stackFolder(imported), live.environment);
    const { resource_changes = [] } = await showPlanJson(live.stackFolder(imported), live.environment);
    const made = resource_changes.filter(({ change }) => change.actions.includes("create"));
    expect(made.map(({ type }) => type)).toEqual(["aws_iam_policy"]);
    await applyInOrder(stacksOf(isOf));
  });

  test("has nothing to change after that", async () => {
    await live.expectNoChanges(stacksOf(isOf));
  });

  test("is in AWS what the key plan says, field by field, and nothing more", async () => {
    const ids = await expectPlanned(isOf);
    expect(ids.has(adoptedId)).toBe(true);
    expect(ids.size).toBeGreaterThan(20);
    await expectNoOtherKeys(isOf, ids);
  });

  test("loses a grant that its user's account has made when that account's map does", async () => {
    const before = loaded.plan.userGrants.length;
    await edit("workloads/core.yaml", [/ +- \{grantee: role\/orders-migration.+\n/, ""]);
    expect(loaded.plan.userGrants.length).toBeLessThan(before);
    // While the key policy lets it: the owner's stack takes that away.
    await live.apply([stackOf("app-prod")]);
    await live.apply([stackOf("core-keys")]);
    await live.expectNoChanges(stacksOf(isOf));
    await expectPlanned(isOf);
    const log = readFileSync(live.emulator.logFile, "utf8");
    expect(log).toContain("RetireGrant");
    expect(log).not.toContain("RevokeGrant");
  });

  /** A key as somebody made it by hand, with everything that `lifecycle.yaml` says is there. */
  async function makeLegacyKey(): Promise<{ id: string; grantId: string }> {
    const accountId = "512000000001";
    const { kms } = await live.emulator.clientsFor({ accountId, region: "us-east-1" });
    const west = await live.emulator.clientsFor({ accountId, region: "us-west-2" });
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ MultiRegion: true }));
    const KeyId = KeyMetadata?.KeyId ?? "";
    await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" }));
    for (const region of [kms, west.kms]) {
      await region.send(new CreateAliasCommand({ AliasName: "alias/legacy-test", TargetKeyId: KeyId }));
    }
    const grant = loaded.plan.keys.find(({ id }) => id === "legacy_test")?.grants[0];
    const { GrantId = "" } = await kms.send(
      new CreateGrantCommand({
        KeyId,
        Name: grant?.name,
        GranteePrincipal: grant?.grantee,
        Operations: [...(grant?.operations ?? [])],
      }),
    );
    return { id: KeyId, grantId: GrantId };
  }
});

describe("the zone of the feature organization that brings its own key material", () => {
  const isOf = (zone: string): boolean => zone === OUTPOST;
  const accountId = "530000000001";
  let stacks: readonly string[];
  /** lifecycle.yaml with every import on record, in the primary's Region alone, and with none. */
  let allRecorded: string;
  let primariesRecorded: string;
  let unrecorded: string;

  beforeAll(async () => {
    const { s3 } = await live.emulator.clientsFor({ accountId, region: "us-east-1" });
    await s3.send(new CreateBucketCommand({ Bucket: "everything-orgkeys-outpost" }));
    allRecorded = readFileSync(join(config, "lifecycle.yaml"), "utf8");
    primariesRecorded = allRecorded.replace(/(material: \{imported: \S+), replicas: \{.*\}(?=\}$)/m, "$1");
    unrecorded = allRecorded.replaceAll(/^\w+-material:\n( .*\n)+/gm, "");
    stacks = stacksOf(isOf);
  });

  async function record(lifecycles: string): Promise<void> {
    writeFileSync(join(config, "lifecycle.yaml"), lifecycles);
    loaded = await live.load(config);
  }

  async function importMaterial(region: string, alias: string, ends?: Date): Promise<void> {
    const { kms } = await live.emulator.clientsFor({ accountId, region });
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    expect(KeyMetadata?.KeyState).toBe("PendingImport");
    await importKeyMaterial(kms, KeyMetadata?.KeyId ?? "", MATERIAL, ends);
  }

  test("waits for it", async () => {
    await record(unrecorded);
    await applyInOrder(stacks, BACKEND);
    await live.expectNoChanges(stacks);
    await expectPlanned(isOf);
    expect(keysOf(isOf).flatMap((key) => [...key.replicas, ...key.grants])).toEqual([]);
  });

  test("has nothing to change once it is imported, with an end or without", async () => {
    await importMaterial("us-east-1", "alias/bonds");
    await importMaterial("us-east-1", "alias/escrow", MATERIAL_ENDS);
    await live.expectNoChanges(stacks);
  });

  test("gets its replica once the import is on record, which waits for the material too", async () => {
    await record(primariesRecorded);
    await applyInOrder(stacks, BACKEND);
    await importMaterial("us-west-2", "alias/bonds", MATERIAL_ENDS);
    await live.expectNoChanges(stacks);
  });

  test("has its grants in each Region in the end, and is what the key plan says", async () => {
    await record(allRecorded);
    await applyInOrder(stacks, BACKEND);
    await live.expectNoChanges(stacks);
    await expectNoOtherKeys(isOf, await expectPlanned(isOf));
    const bonds = keysOf(isOf).find(({ id }) => id === "bonds");
    expect(bonds?.grants.map(({ region }) => region)).toEqual(["us-east-1", "us-west-2"]);
    expect(loaded.plan.userGrants.some((grant) => isOf(grant.zone) && grant.status === "planned")).toBe(true);
  });
});
