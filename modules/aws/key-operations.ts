/** What a user of a key may do, in the map's words. */
export const keyOperations = ["encrypt", "decrypt", "describe", "grant-to-aws-services"] as const;
export type KeyOperation = (typeof keyOperations)[number];

/**
 * The KMS actions behind each word, for symmetric keys. Every word brings `kms:DescribeKey` with it: clients call it
 * first. Written out rather than with wildcards, so that a policy says what it allows and no later AWS action slips in.
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
  describe: [],
  /** Always with the condition `kms:GrantIsForAWSResource`: EBS volumes and RDS databases need it. */
  "grant-to-aws-services": ["kms:CreateGrant"],
};
