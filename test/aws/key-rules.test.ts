import { describe, expect, test } from "@jest/globals";
import { type KeyKind, keyOrigins, keySpecs, keyUsages } from "../../modules/aws/key-kind";
import {
  actionsOf,
  cryptographicActions,
  grantOperationsOf,
  keyOperations,
  operationActions,
  operationsOf,
} from "../../modules/aws/key-operations";
import {
  brokenRules,
  canBeMultiRegion,
  canRotateAutomatically,
  canRotateOnDemand,
  keyRules,
} from "../../modules/aws/key-rules";
import { specFacts } from "../../modules/aws/key-specs";
import { kmsActions } from "../../modules/aws/kms-actions";
import { uniqueNames } from "../../modules/aws/name-order";
import { partitionNames } from "../../modules/aws/partition";

/**
 * Every kind that can be made, read from AWS's pages by a person: spec, usage, origin; then what it can be besides. All
 * other combinations are refused.
 */
const possible = `
SYMMETRIC_DEFAULT ENCRYPT_DECRYPT     AWS_KMS            multi-Region rotates on-demand
SYMMETRIC_DEFAULT ENCRYPT_DECRYPT     EXTERNAL           multi-Region -       on-demand
SYMMETRIC_DEFAULT ENCRYPT_DECRYPT     AWS_CLOUDHSM       -            -       -
SYMMETRIC_DEFAULT ENCRYPT_DECRYPT     EXTERNAL_KEY_STORE -            -       -
HMAC_224          GENERATE_VERIFY_MAC AWS_KMS            multi-Region -       -
HMAC_256          GENERATE_VERIFY_MAC AWS_KMS            multi-Region -       -
HMAC_384          GENERATE_VERIFY_MAC AWS_KMS            multi-Region -       -
HMAC_512          GENERATE_VERIFY_MAC AWS_KMS            multi-Region -       -
RSA_2048          ENCRYPT_DECRYPT     AWS_KMS            multi-Region -       -
RSA_2048          SIGN_VERIFY         AWS_KMS            multi-Region -       -
RSA_3072          ENCRYPT_DECRYPT     AWS_KMS            multi-Region -       -
RSA_3072          SIGN_VERIFY         AWS_KMS            multi-Region -       -
RSA_4096          ENCRYPT_DECRYPT     AWS_KMS            multi-Region -       -
RSA_4096          SIGN_VERIFY         AWS_KMS            multi-Region -       -
ECC_NIST_P256     SIGN_VERIFY         AWS_KMS            multi-Region -       -
ECC_NIST_P256     KEY_AGREEMENT       AWS_KMS            multi-Region -       -
ECC_NIST_P384     SIGN_VERIFY         AWS_KMS            multi-Region -       -
ECC_NIST_P384     KEY_AGREEMENT       AWS_KMS            multi-Region -       -
ECC_NIST_P521     SIGN_VERIFY         AWS_KMS            multi-Region -       -
ECC_NIST_P521     KEY_AGREEMENT       AWS_KMS            multi-Region -       -
ECC_SECG_P256K1   SIGN_VERIFY         AWS_KMS            multi-Region -       -
SM2               ENCRYPT_DECRYPT     AWS_KMS            multi-Region -       -
SM2               SIGN_VERIFY         AWS_KMS            multi-Region -       -
SM2               KEY_AGREEMENT       AWS_KMS            multi-Region -       -
`
  .trim()
  .split("\n")
  .map((line) => line.split(/\s+/));

const allKinds: readonly KeyKind[] = keySpecs.flatMap((spec) =>
  keyUsages.flatMap((usage) => keyOrigins.map((origin) => ({ spec, usage, origin }))),
);
const inKeyStore = ({ origin }: KeyKind): boolean => origin === "AWS_CLOUDHSM" || origin === "EXTERNAL_KEY_STORE";
const plain = (kind: KeyKind) => ({
  ...kind,
  multiRegion: false,
  rotatesAutomatically: false,
  inKeyStore: inKeyStore(kind),
  partition: undefined,
});
const textOf = ({ spec, usage, origin }: KeyKind): string => `${spec} ${usage} ${origin}`;

describe.each(allKinds.map((kind) => [textOf(kind), kind] as const))("%s", (text, kind) => {
  const row = possible.find((each) => each.slice(0, 3).join(" ") === text);

  test(row === undefined ? "is refused" : "is a kind that AWS KMS and the provider have", () => {
    expect(brokenRules(plain(kind)).length === 0).toBe(row !== undefined);
  });

  test("is refused as a multi-Region key, a key that rotates and a key outside of its store, where it cannot be that", () => {
    if (row === undefined) return;
    const [, , , multiRegion, rotates, onDemand] = row;
    const fields = (asked: object): string[] => brokenRules({ ...plain(kind), ...asked }).map(({ field }) => field);
    expect(fields({ multiRegion: true })).toEqual(multiRegion === "-" ? ["multiRegion"] : []);
    expect(fields({ rotatesAutomatically: true })).toEqual(rotates === "-" ? ["rotationDays"] : []);
    expect(fields({ inKeyStore: !inKeyStore(kind) })).toEqual(["keyStore"]);
    expect([canBeMultiRegion(kind), canRotateAutomatically(kind), canRotateOnDemand(kind)]).toEqual([
      multiRegion !== "-",
      rotates !== "-",
      onDemand !== "-",
    ]);
    for (const partition of partitionNames) {
      const elsewhere = kind.spec === "SM2" && partition !== "aws-cn";
      expect(fields({ partition })).toEqual(elsewhere ? ["spec"] : []);
    }
  });
});

test("the table has every spec but those that the provider does not know", () => {
  const named = new Set(possible.map(([spec]) => spec));
  expect(keySpecs.filter((spec) => !named.has(spec))).toEqual(["ML_DSA_44", "ML_DSA_65", "ML_DSA_87"]);
});

describe("the rules", () => {
  test.each(keyRules.map((rule) => [rule.id, rule] as const))(
    "%s refuses something alone, and cites its page",
    (_, rule) => {
      const asked = allKinds.flatMap((kind) =>
        [false, true].flatMap((multiRegion) =>
          [false, true].flatMap((rotatesAutomatically) =>
            [false, true].map((store) => ({
              ...kind,
              multiRegion,
              rotatesAutomatically,
              inKeyStore: store,
              partition: "aws" as const,
            })),
          ),
        ),
      );
      expect(asked.some((each) => JSON.stringify(brokenRules(each)) === JSON.stringify([rule]))).toBe(true);
      expect(rule.source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|registry\.terraform\.io)\//);
      expect(`${rule.rule} ${rule.fix}`).not.toMatch(/\.$/);
    },
  );

  test("have ids of their own, and specs a page of AWS", () => {
    expect(uniqueNames(keyRules.map(({ id }) => id))).toHaveLength(keyRules.length);
    for (const { source } of Object.values(specFacts)) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  });
});

describe("what a key does", () => {
  const kind = (spec: KeyKind["spec"], usage: KeyKind["usage"], origin: KeyKind["origin"] = "AWS_KMS"): KeyKind => ({
    spec,
    usage,
    origin,
  });
  const dataKeys = ["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"];
  const pairs = ["kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext"];
  const crypting = ["kms:Decrypt", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"];

  test.each([
    [kind("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), [...crypting, ...dataKeys, ...pairs]],
    [kind("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "EXTERNAL"), [...crypting, ...dataKeys, ...pairs]],
    [kind("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "AWS_CLOUDHSM"), [...crypting, ...dataKeys]],
    [kind("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "EXTERNAL_KEY_STORE"), [...crypting, ...dataKeys]],
    [kind("RSA_3072", "ENCRYPT_DECRYPT"), crypting],
    [kind("RSA_3072", "SIGN_VERIFY"), ["kms:Sign", "kms:Verify"]],
    [kind("ECC_NIST_P521", "KEY_AGREEMENT"), ["kms:DeriveSharedSecret"]],
    [kind("HMAC_224", "GENERATE_VERIFY_MAC"), ["kms:GenerateMac", "kms:VerifyMac"]],
  ])("%j uses %j", (each, actions) => {
    expect(cryptographicActions(each)).toEqual(uniqueNames(actions));
  });

  test.each([
    [kind("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), ["encrypt", "decrypt", "describe", "grant-to-aws-services"]],
    [kind("RSA_2048", "ENCRYPT_DECRYPT"), ["encrypt", "decrypt", "get-public-key", "describe"]],
    [kind("RSA_2048", "SIGN_VERIFY"), ["sign", "verify", "get-public-key", "describe"]],
    [kind("ECC_NIST_P256", "KEY_AGREEMENT"), ["derive-shared-secret", "get-public-key", "describe"]],
    [kind("HMAC_512", "GENERATE_VERIFY_MAC"), ["generate-mac", "verify-mac", "describe"]],
  ])("%j takes the words %j", (each, words) => {
    expect(operationsOf(each)).toEqual(words);
  });

  test.each([
    [kind("RSA_2048", "SIGN_VERIFY"), ["CreateGrant", "DescribeKey", "GetPublicKey", "RetireGrant", "Sign", "Verify"]],
    [
      kind("HMAC_512", "GENERATE_VERIFY_MAC"),
      ["CreateGrant", "DescribeKey", "GenerateMac", "RetireGrant", "VerifyMac"],
    ],
    [
      kind("ECC_NIST_P256", "KEY_AGREEMENT"),
      ["CreateGrant", "DeriveSharedSecret", "DescribeKey", "GetPublicKey", "RetireGrant"],
    ],
  ])("%j takes grants of %j", (each, operations) => {
    expect(grantOperationsOf(each)).toEqual(operations);
  });

  test("an RSA key encrypts without data keys", () => {
    expect(actionsOf("encrypt", kind("RSA_2048", "ENCRYPT_DECRYPT"))).toEqual(["kms:Encrypt", "kms:ReEncryptTo"]);
  });

  test.each(allKinds.map((each) => [textOf(each), each] as const))(
    "%s: its words stand for all that it does",
    (_, each) => {
      const behindWords = uniqueNames(operationsOf(each).flatMap((word) => actionsOf(word, each)));
      expect(cryptographicActions(each).filter((action) => !behindWords.includes(action))).toEqual([]);
      expect(behindWords.filter((action) => action === "kms:CreateGrant")).toHaveLength(
        each.spec === "SYMMETRIC_DEFAULT" ? 1 : 0,
      );
    },
  );

  test("the words stand for every cryptographic action of AWS KMS once", () => {
    const behind = keyOperations.flatMap((word) => operationActions[word]);
    expect(uniqueNames(behind)).toHaveLength(behind.length);
    expect(kmsActions.cryptographic.filter((action) => !behind.includes(action))).toEqual([]);
  });
});
