import { pricesIn, requestGroupOf } from "./kms-prices";
import type { PartitionName } from "./partition";

/** What keys cost, in US dollars a month. */
export interface KeyCost {
  /** Without requests. */
  readonly now: number;
  /** Once rotations no longer add to it. */
  readonly later: number;
  /** Keys and replicas that are in neither, because nobody knows here what they cost. */
  readonly unpriced: number;
}

/** A key or a replica, each of which is paid for. */
export interface PaidKey {
  readonly partition: PartitionName | undefined;
  /** Whether AWS rotates the material by itself: while the key is disabled it waits, and makes up for it afterwards. */
  readonly rotates: boolean;
  /** Rotations of which somebody has told. */
  readonly rotations: number;
}

/**
 * A key is paid for until its deletion is scheduled, disabled or not.
 *
 * Sources: https://aws.amazon.com/kms/pricing/ and https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 */
export function costOfKey({ partition, rotates, rotations }: PaidKey): KeyCost {
  const prices = pricesIn(partition);
  if (prices === undefined) return { now: 0, later: 0, unpriced: 1 };
  const { keyMonth, rotationMonth, pricedRotations } = prices;
  const before = Math.min(rotations, pricedRotations);
  return {
    now: keyMonth + before * rotationMonth,
    later: keyMonth + (rotates ? pricedRotations : before) * rotationMonth,
    unpriced: 0,
  };
}

/** @returns undefined where nobody knows here what they cost */
export function costOfRequests(
  partition: PartitionName | undefined,
  spec: string,
  perMonth: number,
): number | undefined {
  const prices = pricesIn(partition);
  return prices && (perMonth / prices.requestsPriced) * prices.requests[requestGroupOf(spec)];
}

export function sumOfCosts(costs: readonly KeyCost[]): KeyCost {
  return costs.reduce(
    (sum, { now, later, unpriced }) => ({
      now: sum.now + now,
      later: sum.later + later,
      unpriced: sum.unpriced + unpriced,
    }),
    { now: 0, later: 0, unpriced: 0 },
  );
}
