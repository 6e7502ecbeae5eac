import type { KeyKind, KeyUsage } from "./key-kind";
import { isAsymmetric, isInKeyStore, isSymmetricEncryption } from "./key-rules";
import { type GrantOperation, grantOperations } from "./kms-actions";

/** What a user of a key may do, in the map's words. */
export const keyOperations = [
  "encrypt",
  "decrypt",
  "sign",
  "verify",
  "generate-mac",
  "verify-mac",
  "derive-shared-secret",
  "get-public-key",
  "describe",
  "grant-to-aws-services",
] as const;
export type KeyOperation = (typeof keyOperations)[number];

/**
 * The KMS actions behind each word, of which a key has those of its kind. Every word brings `kms:DescribeKey` with it:
 * clients call it first. Written out rather than with wildcards, so that a policy says what it allows and no later AWS
 * action slips in.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-users-crypto
 */
export const operationActions: Readonly<Record<KeyOperation, readonly string[]>> = {
  encrypt: [
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptTo",
  ],
  decrypt: ["kms:Decrypt", "kms:ReEncryptFrom"],
  sign: ["kms:Sign"],
  verify: ["kms:Verify"],
  "generate-mac": ["kms:GenerateMac"],
  "verify-mac": ["kms:VerifyMac"],
  "derive-shared-secret": ["kms:DeriveSharedSecret"],
  "get-public-key": ["kms:GetPublicKey"],
  describe: [],
  /** Always with the condition `kms:GrantIsForAWSResource`: EBS volumes and RDS databases need it. */
  "grant-to-aws-services": ["kms:CreateGrant"],
};

const usageActions: Readonly<Record<KeyUsage, readonly string[]>> = {
  ENCRYPT_DECRYPT: ["kms:Decrypt", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
  SIGN_VERIFY: ["kms:Sign", "kms:Verify"],
  GENERATE_VERIFY_MAC: ["kms:GenerateMac", "kms:VerifyMac"],
  KEY_AGREEMENT: ["kms:DeriveSharedSecret"],
};
const dataKeys = ["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"] as const;
const dataKeyPairs = ["kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext"] as const;

/**
 * The cryptographic actions that AWS KMS has for a kind of key: no data keys under asymmetric ones, and no data key pairs
 * under keys in custom key stores.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-compare.html
 */
export function cryptographicActions(kind: KeyKind): readonly string[] {
  return [
    ...usageActions[kind.usage],
    ...(isSymmetricEncryption(kind) ? dataKeys : []),
    ...(isSymmetricEncryption(kind) && !isInKeyStore(kind) ? dataKeyPairs : []),
  ].sort();
}

/** The actions behind a word on a key of this kind; none for a word that the kind does not take. */
export function actionsOf(operation: KeyOperation, kind: KeyKind): readonly string[] {
  const has: readonly string[] = [
    ...cryptographicActions(kind),
    ...(isAsymmetric(kind) ? ["kms:GetPublicKey"] : []),
    // AWS services take symmetric encryption keys alone; the one that signs calls AWS KMS as itself.
    ...(isSymmetricEncryption(kind) ? ["kms:CreateGrant"] : []),
  ];
  return operationActions[operation].filter((action) => has.includes(action));
}

/** The words that mean something on a key of this kind. */
export function operationsOf(kind: KeyKind): KeyOperation[] {
  return keyOperations.filter((operation) => operation === "describe" || actionsOf(operation, kind).length > 0);
}

/**
 * What a grant on a key of this kind can allow. CreateGrant refuses an operation that the key does not support with a
 * ValidationError.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations
 */
export function grantOperationsOf(kind: KeyKind): GrantOperation[] {
  const has: readonly string[] = [
    ...cryptographicActions(kind),
    ...(isAsymmetric(kind) ? ["kms:GetPublicKey"] : []),
    "kms:CreateGrant",
    "kms:DescribeKey",
    "kms:RetireGrant",
  ];
  return grantOperations.filter((operation) => has.includes(`kms:${operation}`));
}
