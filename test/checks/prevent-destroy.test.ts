import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/prevent-destroy";
import { kindsOutput, vault } from "./kinds-output";
import { type Json, type Output, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const key = ["aws_kms_key", "payments_prod_us-east-1"] as const;
const replica = ["aws_kms_replica_key", "payments_prod_us-west-2"] as const;

/** A lifecycle that is undefined is taken out. */
function withLifecycle([type, id]: readonly [string, string], lifecycle: Json): Output {
  return sample.edit(stack, (json) => Object.assign(json.resource[type][id], { lifecycle }));
}

const protectedBy = (ignore_changes: Json): Json => ({ prevent_destroy: true, ignore_changes });
const byHand = (name: string): string => `no plan would show that somebody changed ${name} by hand`;

describe("prevent-destroy", () => {
  test("the sample and a small organization are clean", () => {
    expect([...sample.check([check]), ...outputOf("test/fixtures/small").check([check])]).toEqual([]);
  });

  const breaches: readonly [string, Json, string, string][] = [
    ["no lifecycle", undefined, "prevent_destroy", "has no lifecycle.prevent_destroy"],
    ["a lifecycle of null", null, "prevent_destroy", "has no lifecycle.prevent_destroy"],
    ["an empty block", {}, "prevent_destroy", "has no lifecycle.prevent_destroy"],
    ["false", { prevent_destroy: false }, "prevent_destroy", "prevent_destroy is false"],
    ["false as text", { prevent_destroy: "false" }, "prevent_destroy", "prevent_destroy is false"],
    ["false in a list of one", [{ prevent_destroy: false }], "prevent_destroy", "prevent_destroy is false"],
    ["null", { prevent_destroy: null }, "prevent_destroy", "prevent_destroy is not a plain true"],
    ["an expression", { prevent_destroy: "${var.x}" }, "prevent_destroy", "prevent_destroy is not a plain true"],
    ["a number", { prevent_destroy: 1 }, "prevent_destroy", "prevent_destroy is not a plain true"],
    [
      "two blocks",
      [{ prevent_destroy: true }, { prevent_destroy: false }],
      "prevent_destroy",
      "its lifecycle is not one plain block",
    ],
    ["an empty list of blocks", [], "prevent_destroy", "its lifecycle is not one plain block"],
    ["a lifecycle that is an expression", "${local.l}", "prevent_destroy", "its lifecycle is not one plain block"],
    ["an ignored policy", protectedBy(["policy"]), "ignore_changes policy", byHand("its policy")],
    [
      "an ignored policy in a list of one block",
      [protectedBy(["tags", "policy"])],
      "ignore_changes policy",
      byHand("its policy"),
    ],
    [
      "ignored rotation",
      protectedBy(["enable_key_rotation"]),
      "ignore_changes enable_key_rotation",
      byHand("its enable_key_rotation"),
    ],
    [
      "an ignored rotation period",
      protectedBy(["rotation_period_in_days"]),
      "ignore_changes rotation_period_in_days",
      byHand("its rotation_period_in_days"),
    ],
    ["an ignored state", protectedBy(["is_enabled"]), "ignore_changes is_enabled", byHand("its is_enabled")],
    ["everything ignored", protectedBy("all"), "ignore_changes all", byHand("the key")],
    ["everything ignored in a list", protectedBy(["all"]), "ignore_changes all", byHand("the key")],
    ["everything ignored with a star", protectedBy(["*"]), "ignore_changes all", byHand("the key")],
    ["an expression ignored", protectedBy(["${var.what}"]), "ignore_changes all", byHand("the key")],
    ["an expression for the list", protectedBy("${var.what}"), "ignore_changes all", byHand("the key")],
    ["one name instead of a list", protectedBy("policy"), "ignore_changes all", byHand("the key")],
    ["a name that only begins harmlessly", protectedBy(["tags-policy"]), "ignore_changes all", byHand("the key")],
    ["a name with blanks", protectedBy([" policy"]), "ignore_changes all", byHand("the key")],
  ];
  describe.each([
    ["a key", key],
    ["a replica", replica],
  ])("%s", (_, subject) => {
    test.each(breaches)("is found with %s", (_, lifecycle, detail, why) => {
      const where = `pci-key-management ${subject.join(".")} lifecycle.${detail}`;
      const edited = withLifecycle(subject, lifecycle);
      expect(edited.check([check])).toMatchObject([{ where, why, severity: "high" }]);
    });
  });

  test("names each change that is ignored, once", () => {
    const edited = withLifecycle(key, { ignore_changes: ["policy", "policy", "is_enabled", "tags"] });
    expect(edited.check([check]).map(({ where }) => where.split(" ").slice(2).join(" "))).toEqual([
      "lifecycle.ignore_changes is_enabled",
      "lifecycle.ignore_changes policy",
      "lifecycle.prevent_destroy",
    ]);
  });

  test.each([
    ["true as text", { prevent_destroy: "true" }],
    ["a list of one block", [{ prevent_destroy: true }]],
    ["create_before_destroy beside it", { prevent_destroy: true, create_before_destroy: true }],
    ["ignored tags", protectedBy(["tags", 'tags_all["Team"]', "tags.Team", "description"])],
    ["nothing ignored", protectedBy([])],
    ["nothing ignored, in other words", protectedBy(null)],
  ])("is silent about %s", (_, lifecycle) => {
    const edited = [withLifecycle(key, lifecycle), withLifecycle(replica, lifecycle)];
    expect(edited.flatMap((output) => output.check([check]))).toEqual([]);
  });

  test("points at the lifecycle, or at the key that lacks it", () => {
    const path = `/resource/${key.join("/")}`;
    expect(withLifecycle(key, {}).check([check])[0]?.place?.path).toBe(`${path}/lifecycle`);
    expect(withLifecycle(key, undefined).check([check])[0]?.place?.path).toBe(path);
  });

  describe("of other kinds of keys and of key stores", () => {
    const kinds = kindsOutput();

    test("is content with what is synthesized", () => {
      expect(kinds.check([check])).toEqual([]);
    });

    test.each([
      ["aws_kms_external_key", "deposit_prod_us-east-1", "its deletion_window_in_days", "deletion_window_in_days"],
      ["aws_kms_replica_external_key", "deposit_prod_us-west-2", "its policy", "policy"],
      ["aws_kms_key", "tokens_prod_us-east-1", "its valid_to", "valid_to"],
      ["aws_kms_custom_key_store", "hsm_us-east-1", "its cloud_hsm_cluster_id", "cloud_hsm_cluster_id"],
      ["aws_kms_custom_key_store", "outside_us-east-1", "the store", "all"],
    ])("finds a change of %s.%s that is ignored, beside what may be", (type, id, what, name) => {
      const edited = kinds.edit(vault.stack, (json) => {
        const { lifecycle } = json.resource[type][id];
        lifecycle.ignore_changes = name === "all" ? "all" : [...(lifecycle.ignore_changes ?? []), name];
      });
      expect(edited.check([check])).toMatchObject([
        {
          where: `vault ${type}.${id} lifecycle.ignore_changes ${name}`,
          why: `no plan would show that somebody changed ${what} by hand`,
        },
      ]);
    });

    test("finds a store that Terraform may destroy", () => {
      const edited = kinds.edit(vault.stack, (json) => {
        Reflect.deleteProperty(json.resource.aws_kms_custom_key_store["hsm_us-east-1"], "lifecycle");
      });
      expect(edited.check([check])).toMatchObject([
        { where: "vault aws_kms_custom_key_store.hsm_us-east-1 lifecycle.prevent_destroy" },
      ]);
    });
  });
});
