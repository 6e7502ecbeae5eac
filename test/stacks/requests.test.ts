import { describe, expect, test } from "@jest/globals";
import { type Json, outputOfPlan } from "../checks/sample-output";
import { edit, planOf, smallSources } from "./small-organization";

const services = "      services:\n        - {profile: cloudtrail}\n";
const rate = (text: string): string => `${services}      requests: ${text}\n`;

function stacksWith(text: string): [string, Json][] {
  const sources = edit(smallSources(), "workloads/shop.yaml", services, text);
  return [...outputOfPlan(planOf(sources)).texts].map(([name, json]) => [name, JSON.parse(json)]);
}

function withoutNotes(stacks: readonly [string, Json][]): Json {
  return stacks.map(([name, { "//": _, ...json }]) => [name, json]);
}

describe("an estimate of requests", () => {
  const estimated = stacksWith(
    rate("[{perMonth: 2000}, {perMonth: 1000, peakPerSecond: 7}, {perMonth: 5, service: ebs}]"),
  );

  test("changes nothing that Terraform reads", () => {
    expect(withoutNotes(estimated)).toEqual(withoutNotes(stacksWith(services)));
  });

  test("is noted with the key that it is about, added up, without a peak unless each has one", () => {
    const notes = Object.fromEntries(
      estimated.flatMap(([, json]) =>
        Object.entries<Json>(json["//"].orgkeys.keys ?? {}).map(([id, key]) => [id, key.requests]),
      ),
    );
    expect(notes["ledger_us-east-1"]).toEqual({ "210000000001": { perMonth: 3000 } });
    expect(notes["ledger__ebs_us-east-1"]).toEqual({ "210000000001": { perMonth: 5 } });
    expect(Object.values(notes).filter((each) => each !== undefined)).toHaveLength(2);
  });

  test("has peaks that add up", () => {
    const both = stacksWith(rate("[{perMonth: 10, peakPerSecond: 3}, {perMonth: 20, peakPerSecond: 4}]"));
    const key = both
      .map(([, json]) => json["//"].orgkeys.keys?.["ledger_us-east-1"])
      .find((each) => each !== undefined);
    expect(key.requests).toEqual({ "210000000001": { perMonth: 30, peakPerSecond: 7 } });
  });
});
