import { expect, test } from "@jest/globals";
import type { Drift } from "../../modules/drift/drift";
import { findingOfDrift } from "../../modules/drift/finding-of-drift";
import { mergeTerraform, type RefreshedStack } from "../../modules/drift/terraform-drift";

const settings = { config: "config", out: "cdktf.out" };
const place = {
  account: "clinic",
  accountId: "310000000001",
  partition: "aws",
  zone: "health",
  stack: "acme.clinic",
} as const;
const disabled: Drift = {
  id: "key-disabled",
  place: { ...place, region: "us-east-1", address: "aws_kms_key.records", resource: "alias/records" },
  detail: [],
  why: "is disabled",
};
const refreshed: RefreshedStack = {
  place,
  changes: [
    { address: "aws_kms_key.records", isGone: false, attributes: ["tags", "is_enabled"] },
    { address: "aws_kms_alias.records", isGone: true, attributes: [] },
  ],
};

test("Terraform's word stands with the finding of the same address, and what only it sees is a finding", () => {
  const merged = mergeTerraform([findingOfDrift(disabled, settings)], [refreshed], settings);
  expect(merged.map(({ id, place: { address }, terraform }) => [id, address, terraform])).toEqual([
    ["key-disabled", "aws_kms_key.records", "has other values: is_enabled, tags"],
    ["terraform-drift", "aws_kms_alias.records", "is no longer there"],
  ]);
});

test("the same address of another stack is another resource", () => {
  const other = { ...refreshed, place: { ...place, stack: "acme.other" } };
  const merged = mergeTerraform([findingOfDrift(disabled, settings)], [other], settings);
  expect(merged.map(({ id, terraform }) => [id, terraform === undefined])).toEqual([
    ["key-disabled", true],
    ["terraform-drift", false],
    ["terraform-drift", false],
  ]);
});
