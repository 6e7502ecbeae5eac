import type { PartitionName } from "./partition";

/** What requests cost depends on the key that they use. */
export type RequestGroup = "symmetric" | "rsa-2048" | "other-asymmetric";

/** US dollars. */
export interface KmsPrices {
  /** A customer managed key or a replica, a month: whatever its spec, its material's origin, and whether it is enabled. */
  readonly keyMonth: number;
  /** What the first and the second rotation each add, a month; later ones add nothing. */
  readonly rotationMonth: number;
  readonly pricedRotations: number;
  /** For `requestsPriced` requests. */
  readonly requests: Readonly<Record<RequestGroup, number>>;
  readonly requestsPriced: number;
}

/** The page that prices are from, and the day on which it was read. */
export const kmsPricesOf = { source: "https://aws.amazon.com/kms/pricing/", read: "2026-11-22" } as const;

/**
 * The prices of the commercial Regions: AWS's price lists of us-east-1, us-west-2, eu-west-1 and eu-central-1 have the same. Not
 * among them, because the map cannot say them: key pairs by GenerateDataKeyPair (0.10 for 10,000 of elliptic curves, 12.00 for 10,000 of RSA), CloudHSM clusters and external key
 * managers, which cost what they cost beside the key. 20,000 requests a month are free, over all Regions together and not with
 * asymmetric keys: they are worth 6 cents, and are not subtracted.
 */
export const kmsPrices: KmsPrices = {
  keyMonth: 1,
  rotationMonth: 1,
  pricedRotations: 2,
  requests: { symmetric: 0.03, "rsa-2048": 0.03, "other-asymmetric": 0.15 },
  requestsPriced: 10_000,
};

/**
 * @returns undefined where the price is not known: AWS's page has those of GovCloud and of China behind a choice of Region, in
 * China in yuan, and none of them has been read for this table
 */
export function pricesIn(partition: PartitionName | undefined): KmsPrices | undefined {
  return partition === "aws" ? kmsPrices : undefined;
}

/** HMAC keys are symmetric. */
export function requestGroupOf(spec: string): RequestGroup {
  if (spec === "SYMMETRIC_DEFAULT" || spec.startsWith("HMAC_")) return "symmetric";
  return spec === "RSA_2048" ? "rsa-2048" : "other-asymmetric";
}
