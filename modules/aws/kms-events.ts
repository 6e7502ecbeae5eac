/**
 * What AWS KMS tells of a key's life, as EventBridge names it. All of these write: a rule gets them without any read-only
 * management event, and CloudTrail delivers them where a trail logs management events in that account and Region.
 *
 * Sources: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-kms.html,
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html,
 * https://docs.aws.amazon.com/kms/latest/developerguide/understanding-kms-entries.html
 */
export const kmsEventNames = [
  "CancelKeyDeletion",
  "ConnectCustomKeyStore",
  "CreateAlias",
  "CreateCustomKeyStore",
  "CreateGrant",
  "CreateKey",
  "DeleteAlias",
  "DeleteCustomKeyStore",
  // What AWS KMS does when material expires and when a deletion window is over; and RotateKey, when it rotates.
  "DeleteExpiredKeyMaterial",
  "DeleteImportedKeyMaterial",
  "DeleteKey",
  "DisableKey",
  "DisableKeyRotation",
  "DisconnectCustomKeyStore",
  "EnableKey",
  "EnableKeyRotation",
  "ImportKeyMaterial",
  "PutKeyPolicy",
  "ReplicateKey",
  "RetireGrant",
  "RevokeGrant",
  "RotateKey",
  "RotateKeyOnDemand",
  "ScheduleKeyDeletion",
  "TagResource",
  "UntagResource",
  "UpdateAlias",
  "UpdateCustomKeyStore",
  "UpdateKeyDescription",
  "UpdatePrimaryRegion",
] as const;

/** Actions that change something of a key, and are told of all the same by none of these. */
export const untoldKmsEvents: Readonly<Record<string, string>> = {
  SynchronizeMultiRegionKey:
    "AWS KMS does it by itself again and again, and it changes nothing that was not changed before. Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-synchronize-multi-region-key.html",
};

/** Calls, and what AWS KMS does by itself. */
export const cloudTrailDetailTypes = ["AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"] as const;

/**
 * What AWS KMS sends without CloudTrail.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html
 */
export const kmsDetailTypes = ["KMS CMK Deletion", "KMS CMK Rotation", "KMS Imported Key Material Expiration"] as const;
