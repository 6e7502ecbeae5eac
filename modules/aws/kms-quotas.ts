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

/** What the quota of requests depends on: the kind of key that they use. */
export const requestQuotaGroups = ["symmetric", "rsa", "elliptic-curve", "ml-dsa"] as const;
export type RequestQuotaGroup = (typeof requestQuotaGroups)[number];

/**
 * Cryptographic operations a second with all keys of a kind, of all principals and services of an account in a Region: that of the
 * account that asks, whoever owns the key. Adjustable, but for those of CloudHSM key stores.
 */
export const requestQuotas = {
  source: "https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html",
  read: "2026-11-22",
  perSecond: { symmetric: 10_000, rsa: 1_000, "elliptic-curve": 1_000, "ml-dsa": 1_000 },
  /** Regions that have more of symmetric operations. */
  symmetricIn: new Map([
    ...["us-east-1", "us-west-2", "eu-west-1"].map((region) => [region, 100_000] as const),
    ...["us-east-2", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "eu-central-1", "eu-west-2"].map(
      (region) => [region, 20_000] as const,
    ),
  ]),
  /** Of each custom key store, of all accounts together; these requests count for the symmetric quota too. */
  perKeyStore: 1_800,
} as const;

/** HMAC keys are symmetric; the quota of elliptic curves is that of SM2 too. */
export function requestQuotaGroupOf(spec: string): RequestQuotaGroup {
  if (spec.startsWith("RSA_")) return "rsa";
  if (spec.startsWith("ML_DSA_")) return "ml-dsa";
  return spec.startsWith("ECC_") || spec === "SM2" ? "elliptic-curve" : "symmetric";
}

export function requestQuota(group: RequestQuotaGroup, region: string): number {
  const ofGroup = requestQuotas.perSecond[group];
  return group === "symmetric" ? (requestQuotas.symmetricIn.get(region) ?? ofGroup) : ofGroup;
}
