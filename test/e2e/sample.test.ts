import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { PlannedKey } from "../../modules/keys/key-plan";
import type { LoadedPlan } from "../../stacks/load-plan";
import { inParallel } from "./in-parallel";
import { expectedKeys, keyIdsIn, readConsumerPolicy, readKey } from "./live-keys";
import { type LiveOrganization, startOrganization } from "./organization";
import { init, showPlanJson, TERRAFORM_AT_ONCE } from "./terraform";

let live: LiveOrganization;
let loaded: LoadedPlan;
let config: string;
/** Key ids by account, Region and alias, as they were after the first apply. */
let keyIds: Map<string, string>;

beforeAll(async () => {
  live = await startOrganization("sample");
  config = join(live.folder, "config");
  cpSync("config", config, { recursive: true });
  loaded = await live.load(config);
});
afterAll(() => live.stop());

const plannedKeys = (): PlannedKey[] => loaded.plan.keys.filter((key) => key.status === "planned");

/** Reads every planned key and replica back, and holds each field against the plan. */
async function expectPlannedKeys(): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const planned of plannedKeys()) {
    for (const expected of expectedKeys(planned)) {
      const place = { accountId: planned.accountId, region: expected.region, partition: planned.partition };
      const { keyId, key } = await readKey(live.emulator, place, planned.alias);
      expect(key).toEqual(expected);
      ids.set(`${planned.accountId} ${expected.region} ${planned.id}`, keyId);
    }
  }
  return ids;
}

async function expectConsumerPolicies(): Promise<void> {
  for (const planned of loaded.plan.consumerPolicies.filter((policy) => policy.status === "planned")) {
    const region = planned.partition === "aws-us-gov" ? "us-gov-west-1" : "us-east-1";
    const { document, tags, attached } = await readConsumerPolicy(live.emulator, planned, region);
    expect(document).toEqual(planned.policy);
    expect(tags).toEqual(planned.tags);
    expect(attached).toBe(planned.attachTo === undefined ? undefined : true);
  }
}

describe("the sample organization", () => {
  test("every stack of both partitions applies", async () => {
    expect(new Set(plannedKeys().map((key) => key.partition))).toEqual(new Set(["aws", "aws-us-gov"]));
    await live.apply(loaded.accounts.map((account) => account.stack));
  });

  test("the plan after it shows no changes in any stack", async () => {
    await live.expectNoChanges(loaded.accounts.map((account) => account.stack));
  });

  test("every key, replica, alias and grant is what the key plan says, field by field", async () => {
    keyIds = await expectPlannedKeys();
    expect(keyIds.size).toBeGreaterThan(30);
  });

  test("every consumer policy is what the key plan says, and attached to its role", async () => {
    expect(loaded.plan.consumerPolicies.length).toBeGreaterThan(10);
    await expectConsumerPolicies();
  });

  test("no account has a key that the key plan does not know", async () => {
    const known = new Set(keyIds.values());
    for (const account of loaded.map.accounts) {
      for (const region of account.organization.regions) {
        const { partition } = account.organization;
        const found = await keyIdsIn(live.emulator, { accountId: account.id, region, partition });
        expect(found.filter((id) => !known.has(id))).toEqual([]);
      }
    }
  });
});

describe("the sample organization with an edited map", () => {
  const edits: readonly [file: string, from: string | RegExp, to: string][] = [
    // Another owner.
    ["workloads/payments.yaml", "owner: payments-platform", "owner: payments-engineering"],
    // The account platform-prod moves from Workloads/Prod to Infrastructure.
    ["organizations/commercial.yaml", /\n +platform-prod: "\d{12}"/, ""],
    ["organizations/commercial.yaml", /(shared-services: "\d{12}")/, '$1\n      platform-prod: "210000000002"'],
    // A replica more.
    [
      "workloads/patient-care.yaml",
      "account: patient-portal-test",
      "account: patient-portal-test\n      replicas: [us-west-2]",
    ],
    // Another alias.
    ["workloads/commerce.yaml", "dataClass: restricted", "dataClass: restricted\n  alias: store"],
  ];
  const changed: string[] = [];

  test("plans no replacement and no deletion of any key", async () => {
    const before = new Map(loaded.accounts.map(({ stack }) => [stack, stackText(stack)]));
    for (const [file, from, to] of edits) {
      const path = join(config, file);
      const text = readFileSync(path, "utf8");
      const edited = text.replace(from, to);
      expect(edited).not.toBe(text);
      writeFileSync(path, edited);
    }
    loaded = await live.load(config);
    expect(loaded.accounts.map(({ stack }) => stack)).toContain("commercial.infrastructure.platform-prod");
    changed.push(
      ...loaded.accounts.map(({ stack }) => stack).filter((stack) => before.get(stack) !== stackText(stack)),
    );
    expect(changed.length).toBeGreaterThan(3);
    expect(changed.length).toBeLessThan(loaded.accounts.length);
    const actions = await inParallel(changed, TERRAFORM_AT_ONCE, async (stack) => {
      await init(live.stackFolder(stack), live.environment);
      const { resource_changes = [] } = await showPlanJson(live.stackFolder(stack), live.environment);
      return resource_changes.filter(({ change }) => change.actions.includes("delete")).map(({ address }) => address);
    });
    // A name is all an alias is: changing it means another alias, for the same key.
    expect(actions.flat().every((address) => address.startsWith("aws_kms_alias."))).toBe(true);
  });

  test("updates in place: every key keeps its id", async () => {
    await live.apply(changed);
    await live.expectNoChanges(loaded.accounts.map(({ stack }) => stack));
    const after = await expectPlannedKeys();
    for (const [identity, id] of keyIds) expect(`${identity} ${after.get(identity)}`).toBe(`${identity} ${id}`);
    expect(after.size).toBeGreaterThan(keyIds.size);
    await expectConsumerPolicies();
  });

  test("shows the edits in AWS", async () => {
    const aliases = plannedKeys().map((key) => key.alias);
    expect(aliases).toContain("alias/store");
    expect(aliases).not.toContain("alias/shop");
    const payments = plannedKeys().filter((key) => key.workloads.includes("payments"));
    expect(payments.length).toBeGreaterThan(0);
    for (const key of payments) expect(key.tags.Owner).toBe("payments-engineering");
  });
});

function stackText(stack: string): string {
  return readFileSync(join(live.stackFolder(stack), "cdk.tf.json"), "utf8");
}
