import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/key-enabled";
import { kindsOutput, vault } from "./kinds-output";
import { type Json, type Output, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const key = ["aws_kms_key", "payments_prod_us-east-1", "is_enabled"] as const;
const replica = ["aws_kms_replica_key", "payments_prod_us-west-2", "enabled"] as const;

/** An argument that is undefined is taken out. */
function enabled([type, id, argument]: readonly [string, string, string], value: Json): Output {
  return sample.edit(stack, (json) => Object.assign(json.resource[type][id], { [argument]: value }));
}

describe("key-enabled", () => {
  test("the sample and a small organization are clean", () => {
    expect([...sample.check([check]), ...outputOf("test/fixtures/small").check([check])]).toEqual([]);
  });

  describe.each([
    ["a key", key],
    ["a replica", replica],
  ])("%s", (_, subject) => {
    const [type, id, argument] = subject;
    const where = `pci-key-management ${type}.${id} ${argument}`;

    test.each([
      [false, `${argument} is false: nothing under the key can be encrypted or decrypted`],
      ["false", `${argument} is false: nothing under the key can be encrypted or decrypted`],
      ["${var.enabled}", `${argument} is no plain true or false, and nobody can tell whether it is enabled`],
      [0, `${argument} is no plain true or false, and nobody can tell whether it is enabled`],
      [{}, `${argument} is no plain true or false, and nobody can tell whether it is enabled`],
    ])("is found when it is enabled: %j", (value, why) => {
      const place = { document: stack, path: `/resource/${type}/${id}/${argument}` };
      expect(enabled(subject, value).check([check])).toMatchObject([{ where, why, place, severity: "medium" }]);
    });

    test.each([true, "true", null, undefined])("is fine when it is enabled: %j", (value) => {
      expect(enabled(subject, value).check([check])).toEqual([]);
    });
  });

  describe("a key that the map has disabled", () => {
    const kinds = kindsOutput();
    const archive = ["aws_kms_key", "archive_prod_us-east-1", "is_enabled"] as const;
    const archiveWest = ["aws_kms_replica_key", "archive_prod_us-west-2", "enabled"] as const;

    test("is as it should be, in each of its Regions", () => {
      expect(kinds.check([check])).toEqual([]);
    });

    test.each([
      ["a key", archive],
      ["a replica", archiveWest],
    ])("is found when it is enabled: %s", (_, [type, id, argument]) => {
      for (const value of [true, "true", null, undefined]) {
        const edited = kinds.edit(vault.stack, (json) => Object.assign(json.resource[type][id], { [argument]: value }));
        expect(edited.check([check])).toMatchObject([
          {
            where: `vault ${type}.${id} ${argument}`,
            why: `${argument} is not false, and the map has disabled it: nobody would notice that it is still needed`,
          },
        ]);
      }
    });
  });

  test("has another argument on a key with imported material", () => {
    const edited = kindsOutput().edit(vault.stack, (json) => {
      Object.assign(json.resource.aws_kms_external_key["deposit_prod_us-east-1"], { enabled: false, is_enabled: true });
    });
    expect(edited.check([check])).toMatchObject([
      {
        where: "vault aws_kms_external_key.deposit_prod_us-east-1 enabled",
        why: "enabled is false: nothing under the key can be encrypted or decrypted",
      },
    ]);
  });
});
