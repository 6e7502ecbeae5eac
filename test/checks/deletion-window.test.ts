import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/deletion-window";
import { type Json, type Output, outputOf } from "./sample-output";

const sample = outputOf("config");
const small = outputOf("test/fixtures/small");
const stack = "commercial.regulated.pci.pci-key-management";
const key = ["aws_kms_key", "payments_prod_us-east-1"] as const;
const replica = ["aws_kms_replica_key", "payments_prod_us-west-2"] as const;

/** An argument that is undefined is taken out. */
function withWindow([type, id]: readonly [string, string], deletion_window_in_days: Json): Output {
  return sample.edit(stack, (json) => Object.assign(json.resource[type][id], { deletion_window_in_days }));
}

describe("deletion-window", () => {
  test("the sample and a small organization are clean", () => {
    expect([...sample.check([check]), ...small.check([check])]).toEqual([]);
  });

  const breaches: readonly [string, Json, string][] = [
    ["none", undefined, "has no deletion_window_in_days"],
    ["null", null, "has no deletion_window_in_days"],
    ["one below the floor", 29, "has a deletion window of 29 days, and zone pci asks for at least 30"],
    ["one below the floor, as text", "7", "has a deletion window of 7 days, and zone pci asks for at least 30"],
    ["one that AWS refuses as too short", 6, "has a deletion window of 6 days, and AWS takes 7 to 30"],
    ["one that AWS refuses as too long", 31, "has a deletion window of 31 days, and AWS takes 7 to 30"],
    ["an expression", "${var.days}", "its deletion_window_in_days is no plain number of days"],
    ["a fraction", 29.5, "its deletion_window_in_days is no plain number of days"],
    ["a negative text", "-30", "its deletion_window_in_days is no plain number of days"],
    ["a list", [30], "its deletion_window_in_days is no plain number of days"],
  ];
  test.each(breaches)("finds a key with a window of %s", (_, window, why) => {
    const where = `pci-key-management ${key.join(".")} deletion_window_in_days`;
    expect(withWindow(key, window).check([check])).toMatchObject([{ where, why, severity: "high" }]);
  });
  test.each(breaches)("finds a replica with a window of %s", (_, window, why) => {
    const where = `pci-key-management ${replica.join(".")} deletion_window_in_days`;
    expect(withWindow(replica, window).check([check])).toMatchObject([{ where, why, severity: "high" }]);
  });

  test.each([30, "30"])("is silent about the floor itself, %j", (window) => {
    expect([...withWindow(key, window).check([check]), ...withWindow(replica, window).check([check])]).toEqual([]);
  });

  test("asks for no more than AWS where the zone asks for nothing", () => {
    const windowOf = (days: number): readonly string[] =>
      small
        .edit("acme.security.keys", (json) => {
          json.resource.aws_kms_key["ledger_us-east-1"].deletion_window_in_days = days;
        })
        .check([check])
        .map(({ why }) => why);
    expect(windowOf(7)).toEqual([]);
    expect(windowOf(6)).toEqual(["has a deletion window of 6 days, and AWS takes 7 to 30"]);
  });

  test("points at the argument, or at the key that lacks it", () => {
    const path = `/resource/${key.join("/")}`;
    expect(withWindow(key, 7).check([check])[0]?.place?.path).toBe(`${path}/deletion_window_in_days`);
    expect(withWindow(key, undefined).check([check])[0]?.place?.path).toBe(path);
  });
});
