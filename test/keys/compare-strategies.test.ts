import { describe, expect, test } from "@jest/globals";
import {
  compareStrategies,
  type MeasuredStrategy,
  type Strategy,
  strategies,
} from "../../modules/keys/compare-strategies";
import { strategyText } from "../../modules/report/strategy-text";
import { edit, planOf, smallSources } from "../stacks/small-organization";

const { map } = planOf(smallSources());
const comparison = compareStrategies(map);

function measured(zone: string, strategy: Strategy, of = comparison): MeasuredStrategy | undefined {
  return of.zones.find((each) => each.zone === zone)?.strategies.find((each) => each.strategy === strategy)?.measured;
}

describe("strategies", () => {
  test("are compared in each zone that has keys, as the map is first", () => {
    expect(comparison.zones.map(({ zone }) => zone)).toEqual(["corporate", "health"]);
    for (const zone of comparison.zones) expect(zone.strategies.map(({ strategy }) => strategy)).toEqual(strategies);
  });

  test("have the map's own keys for the map", () => {
    expect(measured("corporate", "map")).toMatchObject({
      keys: 4,
      replicas: 3,
      cost: { now: 7, later: 21 },
      replaced: 0,
    });
  });

  test("cut what they say, and lose no more than that", () => {
    const perWorkload = measured("corporate", "workload-environment");
    expect(perWorkload?.worst).toMatchObject({ workloads: 1, environments: 1, accounts: 1 });
    expect(measured("corporate", "service")?.worst).toMatchObject({ workloads: 1, environments: 1 });
    expect(measured("corporate", "workload")?.worst).toMatchObject({ workloads: 1, environments: 2 });
    expect(measured("corporate", "service")?.keys).toBeGreaterThan(perWorkload?.keys ?? Infinity);
  });

  test("count the keys that would be replaced", () => {
    expect(measured("corporate", "workload")?.replaced).toBeGreaterThan(0);
    expect(measured("health", "workload-environment")?.replaced).toBe(0);
  });

  test("add up to a total", () => {
    const [asItIs] = comparison.total;
    expect(asItIs).toMatchObject({ strategy: "map", keys: 5, replicas: 3 });
  });

  test("that cannot be planned are told with the reason, and the others stand", () => {
    const roles = Array.from(
      { length: 400 },
      (_, index) =>
        `{principal: "role/reader-${index}", operations: [decrypt], encryptionContext: {reader: "${index}"}}`,
    );
    const full = (workload: string, part: readonly string[]) =>
      `${workload}:\n  owner: shop-team\n  dataClass: restricted\n  environments:\n    prod:\n      account: shop-prod\n      use:\n${part.map((line) => `        - ${line}\n`).join("")}`;
    const sources = edit(
      smallSources(),
      "workloads/shop.yaml",
      "wiki:\n",
      [0, 1, 2, 3, 4].map((index) => full(`many-${index}`, roles.slice(index * 60, (index + 1) * 60))).join("") +
        "wiki:\n",
    );
    const crowded = compareStrategies(planOf(sources).map);
    const [corporate] = crowded.zones;
    const environment = corporate?.strategies.find(({ strategy }) => strategy === "environment");
    expect(environment?.measured).toBeUndefined();
    expect(environment?.problems[0]?.message).toMatch(/the key policy has \d+ bytes, and AWS KMS takes at most 32768/);
    expect(measured("corporate", "workload", crowded)).toBeDefined();
    expect(corporate?.recommendation.strategy).not.toBe("environment");
    expect(crowded.total.find(({ strategy }) => strategy === "environment")?.keys).toBeUndefined();
    expect(strategyText(crowded).join("\n")).toContain("per environment is not possible:");
  });

  test("share the rate of requests of an account, with the rates of the map", () => {
    const sources = edit(
      smallSources(),
      "workloads/shop.yaml",
      "      services:\n        - {profile: cloudtrail}\n",
      "      services:\n        - {profile: cloudtrail}\n      requests: [{perMonth: 1000000, peakPerSecond: 50000}]\n",
    );
    const [corporate] = compareStrategies(planOf(sources).map).zones;
    expect(corporate?.sharedRate).toMatchObject({ account: "shop-prod", workloads: 2, share: 0.5 });
  });
});

describe("the recommendation", () => {
  const protectedZone = (frameworks: string) =>
    compareStrategies(
      planOf(edit(smallSources(), "zones.yaml", "corporate:\n", `corporate:\n  frameworks: ${frameworks}\n`)).map,
    ).zones[0];

  test("keeps the map where no other saves enough", () => {
    expect(comparison.zones.map(({ zone, recommendation }) => [zone, recommendation.strategy])).toEqual([
      ["corporate", expect.any(String)],
      ["health", "map"],
    ]);
  });

  test("has one workload and environment a key in a zone with frameworks", () => {
    const zone = protectedZone("[pci-dss-4.0]");
    expect(["workload-environment", "service"]).toContain(zone?.recommendation.strategy);
  });
});
