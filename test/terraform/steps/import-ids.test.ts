import { describe, expect, test } from "@jest/globals";
import type { ResourceChange } from "../../../modules/terraform/plan-json";
import { differencesOf, importIdOf } from "../../../modules/terraform/steps/import-ids";

const place = { partition: "aws-us-gov", accountId: "210000000001" };

function change(
  type: string,
  after: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>> | null = null,
  actions: readonly string[] = ["create"],
): ResourceChange {
  return { address: `${type}.a`, mode: "managed", type, name: "a", change: { actions, before, after } };
}

describe("what terraform import takes", () => {
  test.each<[string, Readonly<Record<string, unknown>>, string | undefined]>([
    ["aws_kms_alias", { name: "alias/orders", target_key_id: "mrk-1" }, "alias/orders"],
    ["aws_kms_alias", { name: "alias/orders" }, undefined],
    ["aws_iam_policy", { name: "orders", path: "/orgkeys/" }, "arn:aws-us-gov:iam::210000000001:policy/orgkeys/orders"],
    ["aws_iam_policy", { name: "orders" }, undefined],
    ["aws_cloudformation_stack_set", { name: "roles", call_as: "SELF" }, "roles"],
    ["aws_cloudformation_stack_set", { name: "roles", call_as: "DELEGATED_ADMIN" }, "roles,DELEGATED_ADMIN"],
    ["aws_organizations_policy_attachment", { target_id: "ou-1", policy_id: "p-1" }, "ou-1:p-1"],
    ["aws_organizations_policy_attachment", { target_id: "ou-1" }, undefined],
    ["aws_organizations_policy", { name: "guardrail" }, undefined],
    ["aws_cloudformation_stack", { name: "roles" }, undefined],
    ["aws_kms_key", { description: "orders" }, undefined],
    ["constructor", { name: "orders" }, undefined],
  ])("of %s %j is %s", (type, after, id) => {
    expect(importIdOf(change(type, after), place)).toBe(id);
  });
});

describe("what was imported", () => {
  const policy = { name: "a", path: "/", description: "d", policy: "{}", tags: { Zone: "pci" } };
  const stackSet = { name: "a", template_body: "{}", tags: { Zone: "pci" }, operation_preferences: [] };

  test("is ours when nothing of it changes", () => {
    expect(differencesOf(change("aws_iam_policy", policy, policy, ["no-op"]))).toEqual([]);
  });

  test("is ours when only what the provider does not read back changes", () => {
    const after = { ...stackSet, operation_preferences: [{ max_concurrent_count: 1 }] };
    expect(differencesOf(change("aws_cloudformation_stack_set", after, stackSet, ["update"]))).toEqual([]);
  });

  test.each([
    ["aws_iam_policy", policy, { tags: {} }, ["tags"]],
    ["aws_iam_policy", policy, { policy: "{ }", description: "" }, ["description", "policy"]],
    ["aws_cloudformation_stack_set", stackSet, { template_body: "" }, ["template_body"]],
  ])("is another's when %s has something else in it", (type, planned, found, differences) => {
    expect(differencesOf(change(type, planned, { ...planned, ...found }, ["update"]))).toEqual(differences);
  });

  test("is another's when it would be replaced", () => {
    expect(differencesOf(change("aws_iam_policy", policy, policy, ["delete", "create"]))).toEqual([
      "Terraform would delete and create it",
    ]);
  });
});
