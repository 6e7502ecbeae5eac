import { vault } from "../kinds-output";
import type { Json } from "../sample-output";
import { type Harmless, harmlessChange, onStack, resourceOf } from "./mutation";

function onVault(name: string, edit: (json: Json) => void): Harmless {
  return harmlessChange(name, onStack(vault.stack, edit));
}

/** Changes of keys of other kinds and of key stores that breach nothing. */
export const harmlessKinds: readonly Harmless[] = [
  onVault("what AWS does anyway, written out", (json) => {
    resourceOf(json, "aws_kms_key", "envelopes_prod_us-east-1").key_usage = "ENCRYPT_DECRYPT";
    resourceOf(json, "aws_kms_key", "hsm_prod_us-east-1").customer_master_key_spec = "SYMMETRIC_DEFAULT";
  }),
  onVault("rotation off where AWS has none", (json) => {
    resourceOf(json, "aws_kms_key", "contracts_prod_us-east-1").enable_key_rotation = false;
  }),
  onVault("keys with imported material enabled", (json) => {
    resourceOf(json, "aws_kms_external_key", "deposit_prod_us-east-1").enabled = true;
    resourceOf(json, "aws_kms_replica_external_key", "deposit_prod_us-west-2").enabled = "true";
  }),
  onVault("a description that is ignored beside the expiry", (json) => {
    resourceOf(json, "aws_kms_external_key", "deposit_prod_us-east-1").lifecycle.ignore_changes.push("description");
  }),
  onVault("a lifecycle of imported material in a list", (json) => {
    const found = resourceOf(json, "aws_kms_external_key", "deposit_prod_us-east-1");
    found.lifecycle = [found.lifecycle];
  }),
  onVault("a store's credential in a list, and blanks in its references", (json) => {
    const store = resourceOf(json, "aws_kms_custom_key_store", "outside_us-east-1");
    store.xks_proxy_authentication_credential = [store.xks_proxy_authentication_credential];
    resourceOf(json, "aws_kms_custom_key_store", "hsm_us-east-1").key_store_password =
      "${ var.key_store_hsm_kmsuser_password }";
    resourceOf(json, "aws_kms_key", "hsm_prod_us-east-1").custom_key_store_id =
      "${ aws_kms_custom_key_store.hsm_us-east-1.id }";
  }),
  onVault("a store's secret that is not ignored", (json) => {
    resourceOf(json, "aws_kms_custom_key_store", "hsm_us-east-1").lifecycle = { prevent_destroy: true };
  }),
  onVault("a description of a variable, and one that nobody uses", (json) => {
    json.variable.key_store_hsm_kmsuser_password.description = "Of the crypto user kmsuser";
    json.variable.spare = { type: "string", sensitive: true };
  }),
  onVault("a store after another resource", (json) => {
    resourceOf(json, "aws_kms_custom_key_store", "hsm_us-east-1").depends_on = [
      "aws_kms_custom_key_store.outside_us-east-1",
    ];
  }),
  onVault("an alias by the ARN of imported material", (json) => {
    resourceOf(json, "aws_kms_alias", "deposit_us-east-1").target_key_id =
      "${aws_kms_external_key.deposit_prod_us-east-1.arn}";
  }),
];
