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

const missing: Drift = {
  ...disabled,
  id: "key-missing",
  goneAlong: [
    { stack: place.stack, address: "aws_kms_alias.records" },
    { stack: "acme.user", address: "aws_kms_grant.records" },
  ],
};

test("what is gone along with what a finding tells stands with it, in whichever stack, and is none of its own", () => {
  const gone: RefreshedStack = { place, changes: refreshed.changes.map((each) => ({ ...each, isGone: true })) };
  const user: RefreshedStack = {
    place: { ...place, stack: "acme.user" },
    changes: [
      { address: "aws_kms_grant.records", isGone: true, attributes: [] },
      { address: "aws_kms_grant.other", isGone: true, attributes: [] },
    ],
  };
  const merged = mergeTerraform([findingOfDrift(missing, settings)], [gone, user], settings);
  expect(merged.map(({ id, place: { address }, terraform }) => [id, address, terraform])).toEqual([
    [
      "key-missing",
      "aws_kms_key.records",
      "is no longer there; along with it acme.clinic aws_kms_alias.records, acme.user aws_kms_grant.records",
    ],
    ["terraform-drift", "aws_kms_grant.other", "is no longer there"],
  ]);
});

test("what is there with other values is told, whatever is to be gone", () => {
  const changed = {
    ...refreshed,
    changes: [{ address: "aws_kms_alias.records", isGone: false, attributes: ["name"] }],
  };
  const merged = mergeTerraform([findingOfDrift(missing, settings)], [changed], settings);
  expect(merged.map(({ id, terraform }) => [id, terraform])).toEqual([
    ["key-missing", undefined],
    ["terraform-drift", "has other values: name"],
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
