import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/keys-as-mapped";
import { kindsOutput, vault } from "./kinds-output";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const small = outputOf("test/fixtures/small");
const stack = "commercial.regulated.pci.pci-key-management";
const key = "payments_prod_us-east-1";

/** `where` without the account and the key's type, and why. */
function found(edit: (json: Json) => void): string[] {
  return sample
    .edit(stack, edit)
    .check([check])
    .map(({ where, why }) => `${where.replace("pci-key-management aws_kms_key.", "")}: ${why}`);
}

const metadata = (json: Json): Json => json["//"].orgkeys.keys[key];

const cases: readonly (readonly [name: string, edit: (json: Json) => void, ...found: string[]])[] = [
  [
    "a laxer data class in the metadata",
    (json) => (metadata(json).dataClass = "confidential"),
    `${key} data class: has data class confidential in the stack's metadata, and the map says regulated`,
  ],
  [
    "no data class",
    (json) => delete metadata(json).dataClass,
    `${key} data class: has data class none in the stack's metadata, and the map says regulated`,
  ],
  [
    "another alias in the metadata",
    (json) => (metadata(json).alias = "alias/payments"),
    `${key} alias: has alias alias/payments in the stack's metadata, and the map says alias/payments-prod`,
  ],
  [
    "no metadata at all",
    (json) => delete json["//"].orgkeys.keys[key],
    `${key} alias: has alias none in the stack's metadata, and the map says alias/payments-prod`,
    `${key} data class: has data class none in the stack's metadata, and the map says regulated`,
  ],
  [
    "a key that cannot be replicated",
    (json) => (json.resource.aws_kms_key[key].multi_region = false),
    `${key} multi_region: has multi_region false, and the map says true`,
  ],
  [
    "an expression for multi_region",
    (json) => (json.resource.aws_kms_key[key].multi_region = "${var.multi}"),
    `${key} multi_region: has multi_region unclear, and the map says true`,
  ],
  [
    "a key of another kind",
    (json) => {
      const fields = json.resource.aws_kms_key[key];
      fields.customer_master_key_spec = "RSA_2048";
      fields.key_usage = "SIGN_VERIFY";
      delete fields.enable_key_rotation;
      delete fields.rotation_period_in_days;
    },
    `${key} customer_master_key_spec: has customer_master_key_spec RSA_2048, and the map says SYMMETRIC_DEFAULT`,
    `${key} key_usage: has key_usage SIGN_VERIFY, and the map says ENCRYPT_DECRYPT`,
  ],
  [
    "an expression for the kind",
    (json) => (json.resource.aws_kms_key[key].key_usage = "${var.usage}"),
    `${key} key_usage: has key_usage unclear, and the map says ENCRYPT_DECRYPT`,
  ],
  [
    "a key of another name",
    (json) => {
      json.resource.aws_kms_key.own = json.resource.aws_kms_key[key];
      json["//"].orgkeys.keys.own = metadata(json);
    },
    "own key: is a key that the map does not ask for in this account and Region",
  ],
  [
    "a key that is gone, with its metadata",
    (json) => {
      delete json.resource.aws_kms_key[key];
      delete json["//"].orgkeys.keys[key];
    },
    `${key} missing: is not in the stack, and the map asks for it as alias/payments-prod`,
  ],
];

describe("keys-as-mapped", () => {
  test("the samples are clean", () => {
    expect(sample.check([check])).toEqual([]);
    expect(small.check([check])).toEqual([]);
  });

  test.each(cases)("finds %s", (_name, edit, ...expected) => {
    expect(found(edit)).toEqual(expected);
  });

  test("names the key's place in the output and in the map", () => {
    const [finding] = sample.edit(stack, (json) => (metadata(json).dataClass = "internal")).check([check]);
    expect(finding).toMatchObject({
      severity: "critical",
      place: { document: stack, path: `/resource/aws_kms_key/${key}` },
      sources: ["workloads/payments.yaml payments.environments.prod"],
    });
  });

  test("asks nothing of an account whose stack is not there", () => {
    expect(sample.without(stack).check([check])).toEqual([]);
  });
});

describe("a key of another kind than most", () => {
  const kinds = kindsOutput();

  test("is what the map says", () => {
    expect(kinds.check([check])).toEqual([]);
  });

  test.each<[id: string, change: Json, ...found: string[]]>([
    [
      "contracts_prod_us-east-1",
      { customer_master_key_spec: undefined, key_usage: undefined },
      "customer_master_key_spec: has customer_master_key_spec SYMMETRIC_DEFAULT, and the map says RSA_2048",
      "key_usage: has key_usage ENCRYPT_DECRYPT, and the map says SIGN_VERIFY",
    ],
    [
      "hsm_prod_us-east-1",
      { custom_key_store_id: "cks-1234567890abcdef0" },
      "custom_key_store_id: has custom_key_store_id cks-1234567890abcdef0, and the map says aws_kms_custom_key_store.hsm_us-east-1",
    ],
    [
      "hsm_prod_us-east-1",
      { custom_key_store_id: "aws_kms_custom_key_store.hsm_us-east-1" },
      "custom_key_store_id: has custom_key_store_id unclear, and the map says aws_kms_custom_key_store.hsm_us-east-1",
    ],
    [
      "outside_prod_us-east-1",
      { custom_key_store_id: null, xks_key_id: "" },
      "custom_key_store_id: has custom_key_store_id none, and the map says aws_kms_custom_key_store.outside_us-east-1",
      "xks_key_id: has xks_key_id none, and the map says bb8562717f809024",
    ],
    [
      "tokens_prod_us-east-1",
      { custom_key_store_id: "cks-1234567890abcdef0" },
      "custom_key_store_id: has custom_key_store_id cks-1234567890abcdef0, and the map says none",
    ],
  ])("is found when it is not: %s %j", (id, change, ...expected) => {
    const edited = kinds.edit(vault.stack, (json) => Object.assign(json.resource.aws_kms_key[id], change));
    expect(edited.check([check]).map(({ where, why }) => `${where}: ${why}`)).toEqual(
      expected.map((each) => `vault aws_kms_key.${id} ${each}`),
    );
  });

  test("has the type of resource that goes with its origin", () => {
    const id = "deposit_prod_us-east-1";
    const edited = kinds.edit(vault.stack, ({ resource }) => {
      resource.aws_kms_key[id] = resource.aws_kms_external_key[id];
      Reflect.deleteProperty(resource.aws_kms_external_key, id);
    });
    expect(edited.check([check])).toMatchObject([
      {
        where: `vault aws_kms_key.${id} type`,
        why: "is no aws_kms_external_key, and the map says origin EXTERNAL",
      },
    ]);
  });

  test("has every alias of the map in its metadata", () => {
    const edited = kinds.edit(vault.stack, (json) => json["//"].orgkeys.keys["deposit_prod_us-east-1"].aliases.pop());
    expect(edited.check([check])).toMatchObject([
      {
        where: "vault aws_kms_external_key.deposit_prod_us-east-1 aliases",
        why: "has aliases alias/deposit, alias/deposit-prod in the stack's metadata, and the map says alias/deposit, alias/deposit-prod, alias/money/prod",
      },
    ]);
  });

  test("is missed under the type that it would have", () => {
    const edited = kinds.edit(vault.stack, (json) => {
      Reflect.deleteProperty(json.resource.aws_kms_external_key, "deposit_prod_us-east-1");
    });
    expect(edited.check([check])).toMatchObject([
      { where: "vault aws_kms_external_key.deposit_prod_us-east-1 missing" },
    ]);
  });
});
