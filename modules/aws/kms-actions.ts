/**
 * The IAM actions of AWS KMS on keys, by what they let a principal do.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
export const kmsActions = {
  /** Uses the key's material. An administrator has none of these. */
  cryptographic: [
    "kms:Decrypt",
    "kms:DeriveSharedSecret",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:GenerateMac",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:Sign",
    "kms:Verify",
    "kms:VerifyMac",
  ],
  /** A grant to oneself is decrypt, so creating one is neither use nor administration. */
  delegating: ["kms:CreateGrant"],
  /**
   * Ends somebody's access through a grant. A key policy allows `kms:RetireGrant` in vain: the grant itself says who
   * retires it, and beyond that the owning account by its IAM policies.
   *
   * Source: https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html
   */
  endingGrants: ["kms:RetireGrant", "kms:RevokeGrant"],
  /** Tells about a key, changes nothing. */
  reading: [
    "kms:DescribeKey",
    "kms:GetKeyLastUsage",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:GetParametersForImport",
    "kms:GetPublicKey",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
  ],
  /** Changes a key, but neither uses it nor takes it away from its users. */
  administering: [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:RotateKeyOnDemand",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
  ],
  /** Takes a key away, for now or for good: the zone's break-glass role alone. */
  destroying: ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"],
  /** Brings material into a key. */
  importing: ["kms:ImportKeyMaterial"],
  /** Brings a key, or its primary, into another Region: residency. */
  replicating: ["kms:ReplicateKey", "kms:UpdatePrimaryRegion"],
  /** What AWS KMS itself does, by its service-linked role, to keep replicas like their primary. No API call of ours. */
  synchronizing: ["kms:SynchronizeMultiRegionKey"],
} as const;

/** Every action that a key policy can allow, sorted. */
export const allKeyActions: readonly string[] = Object.values(kmsActions).flat().sort();

/**
 * The operations that a grant can allow, as the CreateGrant API spells them: on each key those of its kind.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations
 */
export const grantOperations = [
  "CreateGrant",
  "Decrypt",
  "DeriveSharedSecret",
  "DescribeKey",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "GetPublicKey",
  "ReEncryptFrom",
  "ReEncryptTo",
  "RetireGrant",
  "Sign",
  "Verify",
  "VerifyMac",
] as const;
export type GrantOperation = (typeof grantOperations)[number];
