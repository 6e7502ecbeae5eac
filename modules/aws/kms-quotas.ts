/**
 * Quotas of AWS KMS for an account: what AWS gives by default, and raises on request in Service Quotas.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
 */
export const kmsQuotas = {
  /** Customer managed keys in a Region, replicas and disabled keys among them. */
  keysPerRegion: 100_000,
  aliasesPerKey: 50,
  grantsPerKey: 50_000,
  keyStoresPerRegion: 10,
} as const;
