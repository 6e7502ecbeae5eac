import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/rotation";
import { kindsOutput, vault } from "./kinds-output";
import { type Json, type Output, outputOf } from "./sample-output";

const sample = outputOf("config");
const small = outputOf("test/fixtures/small");
const stack = "commercial.regulated.pci.pci-key-management";
const id = "payments_prod_us-east-1";
const where = (argument: string): string => `pci-key-management aws_kms_key.${id} ${argument}`;

/** An argument that is undefined is taken out. */
function withKey(change: Json): Output {
  return sample.edit(stack, (json) => Object.assign(json.resource.aws_kms_key[id], change));
}

const switched = "enable_key_rotation";
const period = "rotation_period_in_days";
const asked = "and zone pci asks for at most 365";

describe("rotation", () => {
  test("the sample and a small organization are clean", () => {
    expect([...sample.check([check]), ...small.check([check])]).toEqual([]);
  });

  const breaches: readonly [string, Json, string, string][] = [
    [
      "no switch",
      { enable_key_rotation: undefined },
      switched,
      "nothing makes AWS rotate it: enable_key_rotation is missing",
    ],
    [
      "a switch of null",
      { enable_key_rotation: null },
      switched,
      "nothing makes AWS rotate it: enable_key_rotation is missing",
    ],
    [
      "switched off",
      { enable_key_rotation: false },
      switched,
      "nothing makes AWS rotate it: enable_key_rotation is false",
    ],
    [
      "switched off as text",
      { enable_key_rotation: "false" },
      switched,
      "nothing makes AWS rotate it: enable_key_rotation is false",
    ],
    [
      "a switch that is an expression",
      { enable_key_rotation: "${var.rotate}" },
      switched,
      "nothing makes AWS rotate it: enable_key_rotation is not a plain true",
    ],
    [
      "a switch of another type",
      { enable_key_rotation: [true] },
      switched,
      "nothing makes AWS rotate it: enable_key_rotation is not a plain true",
    ],
    ["a period above the zone's floor", { rotation_period_in_days: 366 }, period, `rotates every 366 days, ${asked}`],
    [
      "a period above the floor as text",
      { rotation_period_in_days: "400" },
      period,
      `rotates every 400 days, ${asked}`,
    ],
    [
      "a period that AWS refuses as too short",
      { rotation_period_in_days: 89 },
      period,
      "has a rotation period of 89 days, and AWS takes 90 to 2560",
    ],
    [
      "a period that AWS refuses as too long",
      { rotation_period_in_days: 2561 },
      period,
      "has a rotation period of 2561 days, and AWS takes 90 to 2560",
    ],
    [
      "no period, which leaves an existing key as it is",
      { rotation_period_in_days: undefined },
      period,
      `has no rotation period: a new key gets AWS's 365 days, an existing one keeps what it had, ${asked}`,
    ],
    [
      "a period that is an expression",
      { rotation_period_in_days: "${var.days}" },
      period,
      `its rotation period is no plain number of days, ${asked}`,
    ],
    [
      "a period with a fraction",
      { rotation_period_in_days: 90.5 },
      period,
      `its rotation period is no plain number of days, ${asked}`,
    ],
    [
      "rotation of an asymmetric key",
      { customer_master_key_spec: "RSA_4096" },
      switched,
      "asks for automatic rotation, which AWS refuses for a key of spec RSA_4096",
    ],
    [
      "rotation of an HMAC key, perhaps",
      { customer_master_key_spec: "HMAC_256", enable_key_rotation: "${var.rotate}" },
      switched,
      "asks for automatic rotation, which AWS refuses for a key of spec HMAC_256",
    ],
    [
      "rotation in a custom key store",
      { custom_key_store_id: "cks-1234567890abcdef0" },
      switched,
      "asks for automatic rotation, which AWS refuses for a key in a custom key store",
    ],
    [
      "rotation in an external key store",
      { xks_key_id: "bb8562717f809024" },
      switched,
      "asks for automatic rotation, which AWS refuses for a key in a custom key store",
    ],
    [
      "a spec that is an expression, with no rotation",
      { customer_master_key_spec: "${var.spec}", enable_key_rotation: false },
      "customer_master_key_spec",
      "customer_master_key_spec is no plain text, and nobody can tell whether AWS can rotate the key",
    ],
    [
      "a key store that is an expression, with no rotation",
      { custom_key_store_id: "${var.store}", enable_key_rotation: false },
      "custom_key_store_id",
      "custom_key_store_id is no plain text, and nobody can tell whether AWS can rotate the key",
    ],
    [
      "an empty key store, which is none, with no rotation",
      { custom_key_store_id: "", enable_key_rotation: false },
      switched,
      "nothing makes AWS rotate it: enable_key_rotation is false",
    ],
  ];
  test.each(breaches)("finds %s", (_, change, argument, why) => {
    expect(withKey(change).check([check])).toMatchObject([{ where: where(argument), why, severity: "high" }]);
  });

  const harmless: readonly [string, Json][] = [
    ["the switch as text", { enable_key_rotation: "true" }],
    ["the zone's floor itself", { rotation_period_in_days: 365 }],
    ["AWS's shortest period, as text", { rotation_period_in_days: "90" }],
    ["the default spec in words", { customer_master_key_spec: "SYMMETRIC_DEFAULT" }],
    [
      "an asymmetric key without rotation",
      { customer_master_key_spec: "ECC_NIST_P256", key_usage: "SIGN_VERIFY", enable_key_rotation: undefined },
    ],
    [
      "a key store's key with rotation switched off",
      { custom_key_store_id: "cks-1234567890abcdef0", enable_key_rotation: false },
    ],
  ];
  test.each(harmless)("is silent about %s", (_, change) => {
    expect(withKey(change).check([check])).toEqual([]);
  });

  test("points at the argument, or at the key that lacks it", () => {
    const pointer = `/resource/aws_kms_key/${id}`;
    const off = withKey({ enable_key_rotation: false });
    const missing = withKey({ enable_key_rotation: undefined });
    expect(off.check([check])[0]?.place).toEqual({ document: stack, path: `${pointer}/enable_key_rotation` });
    expect(missing.check([check])[0]?.place).toEqual({ document: stack, path: pointer });
  });

  test("asks for no period where the zone asks for none, but for one that AWS takes", () => {
    const inZoneWithoutFloor = (change: Json): readonly string[] =>
      small
        .edit("acme.security.keys", (json) => Object.assign(json.resource.aws_kms_key["ledger_us-east-1"], change))
        .check([check])
        .map(({ why }) => why);
    expect(inZoneWithoutFloor({ rotation_period_in_days: undefined })).toEqual([]);
    expect(inZoneWithoutFloor({ rotation_period_in_days: 2560 })).toEqual([]);
    expect(inZoneWithoutFloor({ rotation_period_in_days: 2561 })).toEqual([
      "has a rotation period of 2561 days, and AWS takes 90 to 2560",
    ]);
    expect(inZoneWithoutFloor({ rotation_period_in_days: "${var.days}" })).toEqual([
      "its rotation period is no plain number of days",
    ]);
  });

  test("holds for a key whose account is in no zone too", () => {
    const edited = sample.edit(stack, (json) => {
      const strange = JSON.parse(JSON.stringify(json).replaceAll("310000000001", "999999999999"));
      Object.assign(json, strange);
      json.resource.aws_kms_key[id].enable_key_rotation = false;
    });
    expect(edited.check([check])).toHaveLength(1);
  });

  test("says what the map says of a key that AWS could rotate, and the map lets no one", () => {
    const name = `310000000001 ${id}`;
    const mapped = sample.rules.keys.get(name);
    if (mapped === undefined) throw new Error(`the map has no ${name}`);
    const keys = new Map([...sample.rules.keys, [name, { ...mapped, rotationDays: undefined }]]);
    const edited = withKey({ enable_key_rotation: false, rotation_period_in_days: undefined }).withRules({ keys });
    expect(edited.check([check])).toMatchObject([
      {
        where: where(switched),
        why: "its data class regulated has rotation false, and nothing makes AWS rotate it",
        whatToDo:
          "let the data class rotate, or add an exception that says who rotates the key on demand, and how often",
      },
    ]);
  });

  test.each([
    ["aws_kms_key", "contracts_prod_us-east-1", "a key of spec RSA_2048"],
    ["aws_kms_key", "tokens_prod_us-east-1", "a key of spec HMAC_256"],
    ["aws_kms_key", "hsm_prod_us-east-1", "a key in a custom key store"],
    ["aws_kms_key", "outside_prod_us-east-1", "a key in a custom key store"],
    ["aws_kms_external_key", "deposit_prod_us-east-1", "a key with imported material"],
  ])("is nothing that AWS has for %s.%s", (type, resource, what) => {
    const kinds = kindsOutput();
    expect(kinds.check([check])).toEqual([]);
    const edited = kinds.edit(vault.stack, (json) => (json.resource[type][resource].enable_key_rotation = true));
    expect(edited.check([check])).toMatchObject([
      {
        where: `vault ${type}.${resource} enable_key_rotation`,
        why: `asks for automatic rotation, which AWS refuses for ${what}`,
      },
    ]);
  });
});
