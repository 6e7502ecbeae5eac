import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { uniqueNames } from "../../modules/aws/name-order";
import type { PlannedKey } from "../../modules/keys/key-plan";
import type { SourceFile } from "../../modules/organization/map-file";
import { type LoadedPlan, planSources } from "../../stacks/load-plan";
import { generatedMap } from "./generated-map";

const records = [
  "decommission: {disabled: 2026-12-01}",
  "decommission: {disabled: 2026-12-01, scheduled: 2027-01-15}",
  "decommission: {disabled: 2026-12-01, scheduled: 2027-01-15, gone: 2027-05-01}",
  "handOver: {to: acquirer, day: 2026-12-01}",
  "replaced: 2026-12-01",
  "replaced: 2026-12-01\n  decommission: {disabled: 2027-12-01}",
  "adopt: {keyId: mrk-0123456789abcdef0123456789abcdef}",
  "rotated: [{day: 2026-11-20, by: role/Admin, reason: It leaked somewhere}]",
];

function withRecord(sources: readonly SourceFile[], key: PlannedKey, record: string): SourceFile[] {
  const text = `one:\n  account: ${key.account}\n  key: ${key.id}\n  region: ${key.region}\n  owner: team\n  reason: It is time\n  ${record}\n`;
  const bytes = new TextEncoder().encode(text);
  return [...sources, { name: "config/lifecycle.yaml", path: "lifecycle.yaml", bytes }];
}

/** What the plan has but for one key and those that follow it. */
function others({ plan }: LoadedPlan, one: PlannedKey): string {
  const isOne = (key: PlannedKey): boolean =>
    key.account === one.account && key.region === one.region && (key.id === one.id || key.id === `${one.id}_2`);
  const aliases = [one.alias, `${one.alias}-1`];
  // A using account's policy is cut in two where it grows too large: what it reaches is the same.
  const reached = plan.consumerPolicies.flatMap(({ account, attachTo, keys }) =>
    keys
      .filter((key) => key.account !== one.account || !aliases.includes(key.alias))
      .map((key) => `${account} ${attachTo} ${JSON.stringify(key)}`),
  );
  return JSON.stringify({
    keys: plan.keys.filter((key) => !isOne(key)),
    reached: uniqueNames(reached),
    awsKeys: plan.awsKeys,
  });
}

test("what is recorded of one key changes nothing about any other", () => {
  let compared = 0;
  fc.assert(
    fc.property(generatedMap(), fc.nat(), fc.constantFrom(...records), (sources, index, record) => {
      const before = planSources(sources, "config");
      if ("problems" in before) return;
      const one = before.plan.keys[index % before.plan.keys.length];
      if (one === undefined) return;
      const after = planSources(withRecord(sources, one, record), "config");
      if ("problems" in after) throw new Error(JSON.stringify(after.problems));
      expect(others(after, one) === others(before, one)).toBe(true);
      const ids = (loaded: LoadedPlan) => loaded.plan.keys.filter(({ id }) => id !== `${one.id}_2`).map(({ id }) => id);
      expect(ids(after)).toEqual(ids(before));
      compared += 1;
    }),
    { numRuns: 80 },
  );
  expect(compared).toBeGreaterThan(25);
});
