import { describe, expect, test } from "@jest/globals";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import { kindsOutput, vault } from "../checks/kinds-output";
import type { Json } from "../checks/sample-output";

const kinds = kindsOutput();

function read(edit: (json: Json) => void = () => {}): SynthesizedStack {
  const json: Json = JSON.parse(kinds.texts.get(vault.stack) ?? "");
  edit(json);
  return readSynthesizedStack(vault.stack, JSON.stringify(json, null, 2));
}

const unread = (edit: (json: Json) => void): string[] =>
  read(edit).unreadable.map(({ path, why }) => `${path}: ${why}`);

const imported = "/resource/aws_kms_external_key/deposit_prod_us-east-1";
const hsm = "/resource/aws_kms_custom_key_store/hsm_us-east-1";
const outside = "/resource/aws_kms_custom_key_store/outside_us-east-1";
const onImported = (change: Json) => (json: Json) =>
  Object.assign(json.resource.aws_kms_external_key["deposit_prod_us-east-1"], change);
const onStore = (id: string, change: Json) => (json: Json) =>
  Object.assign(json.resource.aws_kms_custom_key_store[id], change);

describe("keys of every kind", () => {
  test("are understood to the last byte, with what goes with them", () => {
    const stack = read();
    expect(stack.unreadable).toEqual([]);
    const deposit = stack.keys.filter(({ imported: isImported }) => isImported);
    expect(
      deposit.map(({ kind, address, primary, multiRegion, grants }) => [
        kind,
        address,
        primary,
        multiRegion,
        grants.length,
      ]),
    ).toEqual([
      ["key", "aws_kms_external_key.deposit_prod_us-east-1", undefined, true, 1],
      [
        "replica",
        "aws_kms_replica_external_key.deposit_prod_us-west-2",
        "aws_kms_external_key.deposit_prod_us-east-1",
        true,
        1,
      ],
    ]);
    const aliases = stack.aliases.filter(({ target }) => target === deposit[0]?.address);
    expect(aliases.map(({ name }) => name)).toEqual(["alias/deposit-prod", "alias/deposit", "alias/money/prod"]);
    expect(stack.metadata.keys.get("deposit_prod_us-east-1")?.aliases).toEqual([
      "alias/deposit-prod",
      "alias/deposit",
      "alias/money/prod",
    ]);
  });

  test("name the store that has their material: one of the stack by its address, another by its id", () => {
    const stores = read().keys.map(({ address, keyStore, arguments: all }) => [
      address,
      keyStore ?? all.custom_key_store_id,
    ]);
    expect(stores.filter(([, store]) => store !== undefined)).toEqual([
      ["aws_kms_key.hsm_prod_us-east-1", "aws_kms_custom_key_store.hsm_us-east-1"],
      ["aws_kms_key.outside_prod_us-east-1", "aws_kms_custom_key_store.outside_us-east-1"],
      ["aws_kms_key.tenant_prod_us-east-1", "cks-1234567890abcdef0"],
    ]);
  });

  test("have stores whose secrets are not among what is read", () => {
    const { keyStores } = read();
    expect(keyStores.map(({ address, region }) => [address, region])).toEqual([
      ["aws_kms_custom_key_store.hsm_us-east-1", "us-east-1"],
      ["aws_kms_custom_key_store.outside_us-east-1", "us-east-1"],
    ]);
    expect(JSON.stringify(keyStores)).not.toContain("var.");
    expect(keyStores[0]?.arguments).toMatchObject({ cloud_hsm_cluster_id: "cluster-2a3b4c5d6e7" });
  });
});

const secret = "a secret has to come from a sensitive variable, and from nowhere else";

describe("what cannot be understood exactly is said", () => {
  test.each<[name: string, edit: (json: Json) => void, ...said: string[]]>([
    [
      "material",
      onImported({ key_material_base64: "c2VjcmV0" }),
      `${imported}/key_material_base64: unknown argument key_material_base64`,
      `${imported}/key_material_base64: key material would be in this file and in Terraform's state`,
    ],
    ["an expiry", onImported({ valid_to: null }), `${imported}/valid_to: unknown argument valid_to`],
    [
      "an argument of other keys",
      onImported({ is_enabled: true, enable_key_rotation: true }),
      `${imported}/is_enabled: unknown argument is_enabled`,
      `${imported}/enable_key_rotation: unknown argument enable_key_rotation`,
    ],
    [
      "another ignored change",
      onImported({ lifecycle: { prevent_destroy: true, ignore_changes: ["valid_to", "tags"] } }),
      `${imported}/lifecycle/ignore_changes: Terraform leaves in AWS whatever is there: ["valid_to","tags"]`,
    ],
    [
      "a password",
      onStore("hsm_us-east-1", { key_store_password: "kmsuser-1" }),
      `${hsm}/key_store_password: ${secret}`,
    ],
    [
      "a password of two variables",
      onStore("hsm_us-east-1", { key_store_password: "${var.key_store_hsm_kmsuser_password}${var.more}" }),
      `${hsm}/key_store_password: ${secret}`,
    ],
    [
      "a variable that is not there",
      onStore("hsm_us-east-1", { key_store_password: "${var.more}" }),
      `${hsm}/key_store_password: there is no sensitive variable more`,
    ],
    [
      "a credential with more than a credential",
      (json) => {
        const store = json.resource.aws_kms_custom_key_store["outside_us-east-1"];
        store.xks_proxy_authentication_credential = [
          { access_key_id: "${var.key_store_outside_proxy_access_key_id}", more: 1 },
        ];
      },
      `${outside}/xks_proxy_authentication_credential/0/more: unknown argument more`,
      `${outside}/xks_proxy_authentication_credential/0/raw_secret_access_key: ${secret}`,
    ],
    [
      "an expression in a store",
      onStore("hsm_us-east-1", { cloud_hsm_cluster_id: "${var.cluster}" }),
      `${hsm}/cloud_hsm_cluster_id: is an expression: \${var.cluster}`,
    ],
    [
      "a variable with a default",
      (json) => Object.assign(json.variable.key_store_hsm_kmsuser_password, { default: "x" }),
      "/variable/key_store_hsm_kmsuser_password/default: unknown argument default",
    ],
    [
      "a variable that is not sensitive",
      (json) => {
        json.variable.more = { type: "string" };
      },
      "/variable/more: only variables of type string that are sensitive are understood here",
    ],
    [
      "a store that is not in the stack",
      (json) => {
        json.resource.aws_kms_key["hsm_prod_us-east-1"].custom_key_store_id =
          "${aws_kms_custom_key_store.other_us-east-1.id}";
      },
      "/resource/aws_kms_key/hsm_prod_us-east-1/custom_key_store_id: is an expression: ${aws_kms_custom_key_store.other_us-east-1.id}",
    ],
    [
      "a replica of imported material whose primary is another kind of key",
      (json) => {
        json.resource.aws_kms_replica_external_key["deposit_prod_us-west-2"].primary_key_arn =
          "${aws_kms_key.archive_prod_us-east-1.arn}";
      },
      '/resource/aws_kms_replica_external_key/deposit_prod_us-west-2/primary_key_arn: primary_key_arn has to refer to a resource of this stack (aws_kms_external_key), found "${aws_kms_key.archive_prod_us-east-1.arn}"',
    ],
  ])("%s", (_name, edit, ...said) => {
    expect(unread(edit)).toEqual(said);
  });

  test("what is read of a key does not hide an expression for its store from checks", () => {
    const key = read((json) => {
      json.resource.aws_kms_key["hsm_prod_us-east-1"].custom_key_store_id = "${var.store}";
    }).keys.find(({ address }) => address === "aws_kms_key.hsm_prod_us-east-1");
    expect(key?.keyStore).toBeUndefined();
    expect(Object.keys(key?.arguments ?? {})).toContain("custom_key_store_id");
  });
});
