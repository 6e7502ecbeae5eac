import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const page = readFileSync(join(__dirname, "../../docs/terraform-aws-kms.md"), "utf8");

/** Every variable of terraform-aws-modules/terraform-aws-kms 4.2.0, in the order of its variables.tf. */
const inputs = [
  "create",
  "region",
  "tags",
  "create_external",
  "bypass_policy_lockout_safety_check",
  "customer_master_key_spec",
  "custom_key_store_id",
  "deletion_window_in_days",
  "description",
  "enable_key_rotation",
  "is_enabled",
  "key_material_base64",
  "key_usage",
  "multi_region",
  "policy",
  "valid_to",
  "enable_default_policy",
  "key_owners",
  "key_administrators",
  "key_users",
  "key_service_users",
  "key_service_roles_for_autoscaling",
  "key_symmetric_encryption_users",
  "key_hmac_users",
  "key_asymmetric_public_encryption_users",
  "key_asymmetric_sign_verify_users",
  "key_statements",
  "key_spec",
  "source_policy_documents",
  "override_policy_documents",
  "enable_route53_dnssec",
  "route53_dnssec_sources",
  "rotation_period_in_days",
  "create_replica",
  "primary_key_arn",
  "create_replica_external",
  "primary_external_key_arn",
  "aliases",
  "computed_aliases",
  "aliases_use_name_prefix",
  "grants",
];

test("the page on terraform-aws-kms has one row for every input, and says something of each", () => {
  const tables = [...page.matchAll(/^\| input \|.*\n\|[-|]+\n((?:\|.*\n)+)/gm)].map((match) => match[1] ?? "");
  const rows = tables.flatMap((table) => table.trimEnd().split("\n")).map((row) => row.split(" | "));
  const named = rows.flatMap(([input = ""]) => [...input.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? ""));
  expect([...named].sort()).toEqual([...inputs].sort());
  expect(rows.filter(([, here = ""]) => here.length < "never".length)).toEqual([]);
});
