import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { App } from "cdktf";
import { AccountStack } from "../../stacks/account-stack";
import { kindsOutput, vault } from "../checks/kinds-output";
import type { Json } from "../checks/sample-output";
import { planOf, smallSources } from "./small-organization";

const folder = mkdtempSync(join(tmpdir(), "orgkeys-kinds-"));
afterAll(() => rmSync(folder, { recursive: true }));

const json: Json = JSON.parse(kindsOutput().texts.get(vault.stack) ?? "");

/** A resource without what every key has, whatever its kind. */
function argumentsOf(type: string, id: string): Json {
  const {
    "//": _path,
    description: _text,
    policy: _policy,
    provider: _provider,
    tags: _tags,
    ...rest
  } = json.resource[type][id];
  return rest;
}

const made = { deletion_window_in_days: 30, lifecycle: { prevent_destroy: true } };
const ofAws = { ...made, is_enabled: true };
const imported = {
  deletion_window_in_days: 30,
  lifecycle: { ignore_changes: ["valid_to"], prevent_destroy: true },
};

describe("a key has the arguments of its kind and no others:", () => {
  test.each<[name: string, type: string, id: string, expected: Json]>([
    [
      "for signatures",
      "aws_kms_key",
      "contracts_prod_us-east-1",
      { ...ofAws, customer_master_key_spec: "RSA_2048", key_usage: "SIGN_VERIFY", multi_region: true },
    ],
    [
      "for public key encryption",
      "aws_kms_key",
      "envelopes_prod_us-east-1",
      { ...ofAws, customer_master_key_spec: "RSA_4096", multi_region: false },
    ],
    [
      "for MACs",
      "aws_kms_key",
      "tokens_prod_us-east-1",
      { ...ofAws, customer_master_key_spec: "HMAC_256", key_usage: "GENERATE_VERIFY_MAC", multi_region: true },
    ],
    [
      "for key agreement",
      "aws_kms_key",
      "exchange_prod_us-east-1",
      { ...ofAws, customer_master_key_spec: "ECC_NIST_P256", key_usage: "KEY_AGREEMENT", multi_region: false },
    ],
    ["with imported material", "aws_kms_external_key", "deposit_prod_us-east-1", { ...imported, multi_region: true }],
    [
      "with imported material in another Region",
      "aws_kms_replica_external_key",
      "deposit_prod_us-west-2",
      { ...imported, primary_key_arn: "${aws_kms_external_key.deposit_prod_us-east-1.arn}" },
    ],
    [
      "in a CloudHSM cluster",
      "aws_kms_key",
      "hsm_prod_us-east-1",
      { ...ofAws, custom_key_store_id: "${aws_kms_custom_key_store.hsm_us-east-1.id}", multi_region: false },
    ],
    [
      "in a store that was made elsewhere",
      "aws_kms_key",
      "tenant_prod_us-east-1",
      { ...ofAws, custom_key_store_id: "cks-1234567890abcdef0", multi_region: false },
    ],
    [
      "in a key manager outside of AWS",
      "aws_kms_key",
      "outside_prod_us-east-1",
      {
        ...ofAws,
        custom_key_store_id: "${aws_kms_custom_key_store.outside_us-east-1.id}",
        multi_region: false,
        xks_key_id: "bb8562717f809024",
      },
    ],
    [
      "disabled",
      "aws_kms_key",
      "archive_prod_us-east-1",
      { ...made, enable_key_rotation: true, is_enabled: false, multi_region: true, rotation_period_in_days: 365 },
    ],
    [
      "disabled in another Region",
      "aws_kms_replica_key",
      "archive_prod_us-west-2",
      { ...made, enabled: false, primary_key_arn: "${aws_kms_key.archive_prod_us-east-1.arn}" },
    ],
  ])("%s", (_name, type, id, expected) => {
    expect(argumentsOf(type, id)).toEqual(expected);
  });

  test("and is referred to as its resource allows", () => {
    expect(json.resource.aws_kms_alias["deposit_us-east-1"].target_key_id).toBe(
      "${aws_kms_external_key.deposit_prod_us-east-1.id}",
    );
    expect(json.resource.aws_kms_grant["deposit_prod_us-west-2_deposit-batch"].key_id).toBe(
      "${aws_kms_replica_external_key.deposit_prod_us-west-2.key_id}",
    );
    expect(json.output["deposit_prod_us-east-1"].value["us-east-1"]).toMatchObject({
      key_id: "${aws_kms_external_key.deposit_prod_us-east-1.id}",
    });
  });
});

test("a key that AWS could rotate, and that the map lets nobody rotate by itself, says so", () => {
  const { accounts } = planOf(smallSources());
  const [plan] = accounts.filter(({ keys }) => keys.length > 0);
  const [key] = plan?.keys ?? [];
  if (plan === undefined || key === undefined) throw new Error("the small organization has no keys");
  const stack: Json = new AccountStack(new App({ outdir: folder }), {
    ...plan,
    keys: [{ ...key, rotationDays: undefined, replicas: [], grants: [] }],
  }).toTerraform();
  const made = stack.resource.aws_kms_key[`${key.id}_${key.region}`];
  expect(made).toMatchObject({ enable_key_rotation: false });
  expect(made).not.toHaveProperty("rotation_period_in_days");
});

describe("a custom key store", () => {
  test("takes its password from a variable that nobody sees, and is kept from destruction", () => {
    expect(argumentsOf("aws_kms_custom_key_store", "hsm_us-east-1")).toEqual({
      cloud_hsm_cluster_id: "cluster-2a3b4c5d6e7",
      custom_key_store_name: "hsm",
      custom_key_store_type: "AWS_CLOUDHSM",
      key_store_password: "${var.key_store_hsm_kmsuser_password}",
      lifecycle: { ignore_changes: ["key_store_password"], prevent_destroy: true },
      trust_anchor_certificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    });
    expect(json.variable.key_store_hsm_kmsuser_password).toEqual({ nullable: false, sensitive: true, type: "string" });
  });

  test("takes a proxy's credential from variables too", () => {
    expect(argumentsOf("aws_kms_custom_key_store", "outside_us-east-1")).toEqual({
      custom_key_store_name: "outside",
      custom_key_store_type: "EXTERNAL_KEY_STORE",
      lifecycle: { ignore_changes: ["xks_proxy_authentication_credential"], prevent_destroy: true },
      xks_proxy_authentication_credential: {
        access_key_id: "${var.key_store_outside_proxy_access_key_id}",
        raw_secret_access_key: "${var.key_store_outside_proxy_secret_access_key}",
      },
      xks_proxy_connectivity: "PUBLIC_ENDPOINT",
      xks_proxy_uri_endpoint: "https://xks.example.com",
      xks_proxy_uri_path: "/acme/kms/xks/v1",
    });
    expect(Object.keys(json.variable)).toEqual([
      "key_store_hsm_kmsuser_password",
      "key_store_outside_proxy_access_key_id",
      "key_store_outside_proxy_secret_access_key",
    ]);
  });

  test("tells its id, which whoever connects it asks for", () => {
    expect(json.output["custom_key_store_hsm_us-east-1"].value).toBe("${aws_kms_custom_key_store.hsm_us-east-1.id}");
  });
});
