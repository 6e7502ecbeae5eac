/**
 * Limits of AWS KMS and IAM. Each is written once and used by the check and by its message.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/limits.html,
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const kmsLimits = {
  /** `RotationPeriodInDays` of EnableKeyRotation. */
  rotationDays: { least: 90, most: 2560 },
  /** Of a key that rotates and does not say how often. */
  rotationDaysByDefault: 365,
  /** `PendingWindowInDays` of ScheduleKeyDeletion. */
  deletionWindowDays: { least: 7, most: 30 },
  /**
   * RotateKeyOnDemand, over a key's whole life.
   *
   * Source: https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-on-demand.html
   */
  rotationsOnDemand: 25,
  /** A key policy document, compact JSON. */
  keyPolicyBytes: 32_768,
  /** Including the prefix `alias/`. */
  aliasLength: 256,
  descriptionLength: 8192,
  grantNameLength: 256,
  /** Pairs in a grant's encryption-context constraint. */
  grantConstraintPairs: 8,
  tagsPerKey: 50,
  tagKeyLength: 128,
  tagValueLength: 256,
} as const;

export const iamLimits = {
  /** A customer managed policy, not counting white space. */
  managedPolicyCharacters: 6144,
  managedPoliciesPerRole: 10,
  /** All inline policies of a role together, not counting white space. */
  inlineRolePolicyCharacters: 10_240,
  /** A role's trust policy, as an account has it unless AWS raised it. */
  trustPolicyCharacters: 2048,
  policyNameLength: 128,
} as const;
