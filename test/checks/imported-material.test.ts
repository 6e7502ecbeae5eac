import { describe, expect, test } from "@jest/globals";
import type { MapKey } from "../../modules/checks/frame/check";
import { check } from "../../modules/checks/imported-material";
import { kindsOutput, vault } from "./kinds-output";
import type { Json, Output } from "./sample-output";

const kinds = kindsOutput();
const name = `${vault.account} deposit_prod_us-east-1`;
const primary = ["aws_kms_external_key", "deposit_prod_us-east-1"] as const;
const replica = ["aws_kms_replica_external_key", "deposit_prod_us-west-2"] as const;
const at = `vault ${primary.join(".")}`;

function mapped(change: Partial<MapKey>): Output {
  const key = kinds.rules.keys.get(name);
  if (key === undefined) throw new Error(`the map has no ${name}`);
  return kinds.withRules({ keys: new Map([...kinds.rules.keys, [name, { ...key, ...change }]]) });
}

function found(output: Output, today?: string): string[] {
  return output.check([check], today).map(({ where, why, severity }) => `${severity} ${where}: ${why}`);
}

describe("imported-material", () => {
  test("is content with material that is on record, and asks nothing of any other key", () => {
    expect(found(kinds, "2026-06-30")).toEqual([]);
    const forGood = { imported: "2026-06-01", expires: undefined };
    const material = new Map([
      ["us-east-1", forGood],
      ["us-west-2", forGood],
    ]);
    expect(found(mapped({ material }), "2036-06-30")).toEqual([]);
  });

  test("finds a key of whose material the map records nothing", () => {
    const why =
      "not on record: the map records no import of its material, and until there is one nothing can be encrypted under it";
    expect(found(mapped({ material: new Map() }))).toEqual([
      `medium ${at} ${why}`,
      `medium vault ${replica.join(".")} ${why}`,
    ]);
  });

  test("finds a replica of whose own material the map records nothing", () => {
    const material = new Map([["us-east-1", { imported: "2026-06-01", expires: undefined }]]);
    expect(found(mapped({ material }))).toEqual([
      expect.stringMatching(/^medium vault aws_kms_replica_external_key.deposit_prod_us-west-2 not on record/),
    ]);
  });

  test("says of a disabled key as well that its material expires", () => {
    expect(found(mapped({ step: "disabled" }), "2027-06-01")).toHaveLength(1);
    expect(found(mapped({ step: "scheduled" }), "2027-06-01")).toEqual([]);
  });

  test("asks no record of a key that the map has disabled", () => {
    const replicaSteps = new Map([["us-west-2", "disabled"]] as const);
    expect(found(mapped({ material: new Map(), step: "disabled", replicaSteps }))).toEqual([]);
  });

  test.each([
    ["2027-05-01", []],
    [
      "2027-05-02",
      [`medium ${at} about to expire: its material expires on 2027-06-01, in 30 days, and AWS then deletes it`],
    ],
    [
      "2027-05-31",
      [`medium ${at} about to expire: its material expires on 2027-06-01, in 1 day, and AWS then deletes it`],
    ],
    [
      "2027-06-01",
      [`high ${at} expired: its material expired on 2027-06-01: nothing under the key can be encrypted or decrypted`],
    ],
    [
      "2028-01-01",
      [`high ${at} expired: its material expired on 2027-06-01: nothing under the key can be encrypted or decrypted`],
    ],
    [undefined, []],
  ])("knows on %s whether material that expires on 2027-06-01 is still there", (today, expected) => {
    expect(found(kinds, today)).toEqual(expected);
  });

  test.each<[string, Json]>([
    ["none", { prevent_destroy: true }],
    ["others", { prevent_destroy: true, ignore_changes: ["description"] }],
    ["what is no list", { prevent_destroy: true, ignore_changes: "valid_to" }],
    ["two blocks", [{ prevent_destroy: true }, { ignore_changes: ["valid_to"] }]],
    ["no lifecycle", undefined],
  ])("finds ignored changes without the expiry, of a key and of a replica: %s", (_, lifecycle) => {
    for (const [type, id] of [primary, replica]) {
      const edited = kinds.edit(vault.stack, (json) => Object.assign(json.resource[type][id], { lifecycle }));
      expect(found(edited, "2026-06-30")).toEqual([
        `high vault ${type}.${id} lifecycle.ignore_changes: does not ignore changes of valid_to, so that an apply would fail for material that expires`,
      ]);
    }
  });
});
