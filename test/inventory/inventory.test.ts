import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import { costBy, costGroupings, costOf } from "../../modules/inventory/cost";
import type { InventoryKey } from "../../modules/inventory/inventory";
import { inventoryOf } from "../../modules/inventory/inventory-of";
import { isNear, quotaUses } from "../../modules/inventory/quota-use";
import { rolloutsOf } from "../../modules/inventory/rollouts-of";
import { costOf as costInExplain } from "../../modules/keys/explain-keys";
import { loadPlan } from "../../stacks/load-plan";
import { type Json, type Output, outputOfPlan } from "../checks/sample-output";

const loaded = loadPlan(join(__dirname, "../../config"));
if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
const { plan } = loaded;
const output = outputOfPlan(loaded);

const stacksOf = (of: Output) => [...of.texts].map(([name, text]) => readSynthesizedStack(name, text));
const keysOf = (of: Output): InventoryKey[] => stacksOf(of).flatMap(inventoryOf);
const keys = keysOf(output);
const rollouts = stacksOf(output).flatMap((stack) => rolloutsOf(stack));
const pci = "commercial.regulated.pci.pci-key-management";
const address = "aws_kms_key.payments_prod_us-east-1";

function keyIn(of: Output, wanted = address): InventoryKey {
  const key = keysOf(of).find((each) => each.address === wanted);
  if (key === undefined) throw new Error(`no ${wanted}`);
  return key;
}

function edited(change: (key: Json, stack: Json) => void): InventoryKey {
  return keyIn(output.edit(pci, (json) => change(json.resource.aws_kms_key["payments_prod_us-east-1"], json)));
}

describe("the inventory of a stack", () => {
  test("has every key of the plan whose account has a stack, and every replica", () => {
    const planned = plan.keys.filter(({ status }) => status === "planned");
    expect(keys.map(({ id }) => id).sort()).toEqual(
      planned.map(({ accountId, id, region }) => `${accountId}/${id}_${region}`).sort(),
    );
    for (const key of planned) {
      const found = keys.find(({ id }) => id === `${key.accountId}/${key.id}_${key.region}`);
      expect(found).toMatchObject({
        zone: key.zone,
        owner: key.owner,
        dataClass: key.dataClass,
        alias: key.alias,
        spec: key.kind.spec,
        multiRegion: key.multiRegion,
        rotationDays: key.rotationDays,
        deletionWindowDays: key.deletionWindowDays,
        requests: key.requests,
        step: "in-use",
        enabled: true,
      });
      expect(found?.replicas.map(({ region }) => region)).toEqual(key.replicas.map(({ region }) => region));
    }
  });

  test("adds the requests of a key's environments, by the account that makes them", () => {
    expect(keyIn(output).requests).toEqual([{ accountId: "310000000002", perMonth: 90_000_000, peakPerSecond: 120 }]);
  });

  test("sees a key that is disabled, or rotates by default", () => {
    expect(edited((key) => Object.assign(key, { is_enabled: "false" })).enabled).toBe(false);
    expect(edited((key) => delete key.rotation_period_in_days).rotationDays).toBe(365);
    expect(edited((key) => Object.assign(key, { enable_key_rotation: false })).rotationDays).toBeUndefined();
  });

  test("lists a replica whose primary is not there by itself", () => {
    const orphaned = output.edit(pci, (json) => delete json.resource.aws_kms_key["payments_prod_us-east-1"]);
    expect(keyIn(orphaned, "aws_kms_replica_key.payments_prod_us-west-2").replicas).toEqual([]);
    expect(costOf(keysOf(orphaned)).now).toBe(costOf(keys).now - 1);
  });

  test("does without notes of synthesis", () => {
    const bare = output.edit(pci, (json) => delete json["//"]);
    expect(keyIn(bare)).toMatchObject({ alias: "alias/payments-prod", owner: "payments-platform", zone: undefined });
    expect(costOf(keysOf(bare)).now).toBe(costOf(keys).now);
  });
});

describe("the cost of keys", () => {
  test("is what explain says, key by key", () => {
    for (const planned of plan.keys.filter(({ status }) => status === "planned")) {
      const found = keys.filter(({ id }) => id === `${planned.accountId}/${planned.id}_${planned.region}`);
      const { now, later, unpriced } = costOf(found);
      expect({ id: planned.id, now, later, unpriced }).toEqual({ id: planned.id, ...costInExplain([planned]) });
    }
  });

  test("is what explain says of an account with a rollout's keys", () => {
    const features = loadPlan(join(__dirname, "../fixtures/features"), { today: "2026-11-21" });
    if ("problems" in features) throw new Error(JSON.stringify(features.problems));
    const baseline = features.plan.awsKeys.filter(({ baseline: use }) => use !== undefined);
    const using = features.map.accounts.filter(({ name }) => baseline.some(({ account }) => account === name));
    expect(using.map(({ name }) => name)).toEqual(["app-prod"]);
    const stacks = stacksOf(outputOfPlan(features));
    for (const { id } of using) {
      const { now, later } = costInExplain([], baseline);
      const there = stacks.flatMap((stack) => rolloutsOf(stack, (each) => each === id));
      expect(now).toBeGreaterThan(0);
      const ofBaseline = there.filter(({ rollout }) => rollout === "core.baseline-keys");
      expect(costOf([], ofBaseline)).toMatchObject({ now, later });
      // A template of the organization's own makes a key as well.
      expect(costBy([], there, "zone").map(({ name, keys: made }) => [name, made])).toEqual([
        ["core.backup-vault", 1],
        ["core.baseline-keys", 1],
      ]);
    }
  });

  test.each([
    ["a disabled key as much as one in use", { enabled: false }, 2, 6],
    ["a key that does not rotate no more later", { rotationDays: undefined }, 2, 2],
    ["each rotation on demand, in each Region", { rotationsOnDemand: 1 }, 4, 6],
    ["no more than two rotations", { rotationsOnDemand: 7 }, 6, 6],
    ["two rotations of imported material", { rotationDays: undefined, imported: true, rotationsOnDemand: 2 }, 6, 6],
  ])("counts %s", (_, change, now, later) => {
    expect(costOf([{ ...keyIn(output), ...change }])).toMatchObject({ keys: 1, replicas: 1, now, later, unpriced: 0 });
  });

  test.each(["aws-us-gov", "aws-cn", undefined] as const)(
    "is not known in partition %s, and never a commercial one",
    (partition) => {
      const key = { ...keyIn(output), partition };
      expect(costOf([key])).toEqual({
        keys: 1,
        replicas: 1,
        now: 0,
        later: 0,
        unpriced: 2,
        requests: 0,
        unpricedRequests: 90_000_000,
      });
    },
  );

  test.each([
    ["SYMMETRIC_DEFAULT", 270],
    ["HMAC_256", 270],
    ["RSA_2048", 270],
    ["RSA_4096", 1350],
    ["ECC_NIST_P256", 1350],
    ["ML_DSA_44", 1350],
  ])("has requests with a key of spec %s at their price", (spec, requests) => {
    expect(costOf([{ ...keyIn(output), spec }])).toMatchObject({ requests });
  });

  test("has no requests of a disabled key, which answers none", () => {
    expect(costOf([{ ...keyIn(output), enabled: false }]).requests).toBe(0);
  });

  test.each(costGroupings)("by %s adds up to the whole, rollouts in rows of their own", (grouping) => {
    const rows = costBy(keys, rollouts, grouping);
    const total = costOf(keys, rollouts);
    for (const name of ["keys", "replicas", "now", "later", "unpriced"] as const) {
      expect(rows.reduce((sum, row) => sum + row[name], 0)).toBe(total[name]);
    }
    expect(rows.filter(({ isRollout }) => isRollout).map(({ name }) => name)).toEqual([
      "corporate.baseline-keys",
      "hipaa.baseline-keys",
    ]);
  });
});

describe("the keys that rollouts make", () => {
  test("are one in each account that is reached and Region", () => {
    const corporate = rollouts.filter(({ rollout }) => rollout === "corporate.baseline-keys");
    for (const { accountIds, regions, keys: made, replicas } of corporate) {
      expect(made + replicas).toBe(accountIds.length * regions.length);
    }
    expect(corporate.length).toBeGreaterThan(1);
  });
});

describe("quotas", () => {
  test("have the rates of the map at the account that makes the requests", () => {
    expect(quotaUses(keys, rollouts)).toEqual([
      {
        quota: "symmetric-requests",
        accountId: "310000000002",
        region: "us-east-1",
        subject: undefined,
        used: 520,
        limit: 100_000,
        isAverage: false,
      },
      expect.objectContaining({ accountId: "210000000001", used: 4.56, isAverage: true }),
    ]);
  });

  test.each([
    ["eu-central-1", "SYMMETRIC_DEFAULT", 20_000, "symmetric-requests"],
    ["us-gov-west-1", "SYMMETRIC_DEFAULT", 10_000, "symmetric-requests"],
    ["us-east-1", "RSA_4096", 1_000, "rsa-requests"],
    ["us-east-1", "ECC_NIST_P256", 1_000, "elliptic-curve-requests"],
    ["us-east-1", "ML_DSA_44", 1_000, "ml-dsa-requests"],
  ])("of requests are in %s with %s %d a second", (region, spec, limit, quota) => {
    expect(quotaUses([{ ...keyIn(output), region, spec }])).toMatchObject([{ region, limit, quota }]);
  });

  test("of a custom key store are its own, whoever asks", () => {
    const key = { ...keyIn(output), keyStore: "aws_kms_custom_key_store.hsm_us-east-1" };
    expect(quotaUses([key]).map(({ quota, accountId, limit }) => [quota, accountId, limit])).toEqual([
      ["key-store-requests", key.accountId, 1_800],
      ["symmetric-requests", "310000000002", 100_000],
    ]);
  });

  test("are near from four fifths on", () => {
    const near = (policyBytes: number) =>
      quotaUses([{ ...keyIn(output), requests: [], policyBytes }]).map(({ quota, subject }) => [quota, subject]);
    expect(near(26_214)).toEqual([]);
    expect(near(26_215)).toEqual([["key-policy-bytes", "alias/payments-prod"]]);
    expect(isNear({ used: 8, limit: 10 })).toBe(true);
  });
});
