import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/key-enabled";
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
});
