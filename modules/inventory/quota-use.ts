import { kmsLimits } from "../aws/kms-limits";
import {
  kmsQuotas,
  type RequestQuotaGroup,
  requestQuota,
  requestQuotaGroupOf,
  requestQuotaGroups,
  requestQuotas,
} from "../aws/kms-quotas";
import { nameOrder } from "../aws/name-order";
import type { InventoryKey, InventoryRollout } from "./inventory";

export const quotaIds = [
  "aliases-of-key",
  "grants-on-key",
  "key-policy-bytes",
  "key-store-requests",
  "keys-in-region",
  ...requestQuotaGroups.map((group) => `${group}-requests` as const),
] as const;
export type QuotaId = (typeof quotaIds)[number];

/** How much of a quota is used, as the stacks and the map's rates say it: what others do in the account comes on top. */
export interface QuotaUse {
  readonly quota: QuotaId;
  readonly accountId: string;
  readonly region: string;
  /** The key's alias or address, or the key store; undefined for a quota of the account and Region as a whole. */
  readonly subject: string | undefined;
  readonly used: number;
  readonly limit: number;
  /** Whether a rate of a month stands for a peak that the map does not give: at its busiest it is more. */
  readonly isAverage: boolean;
}

/** From here on a quota is near. */
export const NEAR_QUOTA = 0.8;

const secondsInMonth = (365.25 / 12) * 24 * 60 * 60;

/** Whether little is left of it. */
export function isNear({ used, limit }: Pick<QuotaUse, "used" | "limit">): boolean {
  return used >= NEAR_QUOTA * limit;
}

/** Every quota of requests that the map gives rates for, and of all others those that are near; the most used first. */
export function quotaUses(keys: readonly InventoryKey[], rollouts: readonly InventoryRollout[] = []): QuotaUse[] {
  const others = [...keysInRegions(keys, rollouts), ...keys.flatMap(ofKey)].filter(isNear);
  const order = (use: QuotaUse): string => [use.accountId, use.region, use.quota, use.subject ?? ""].join(" ");
  return [...requestsInRegions(keys), ...others].sort(
    (a, b) => b.used / b.limit - a.used / a.limit || nameOrder(order(a), order(b)),
  );
}

/** Replicas and disabled keys count. */
function keysInRegions(keys: readonly InventoryKey[], rollouts: readonly InventoryRollout[]): QuotaUse[] {
  const counts = new Map<string, number>();
  const count = (accountId: string, region: string, more: number): void => {
    const place = `${accountId} ${region}`;
    counts.set(place, (counts.get(place) ?? 0) + more);
  };
  for (const { accountId, stack, region, replicas } of keys) {
    for (const each of [region, ...replicas.map((replica) => replica.region)]) count(accountId ?? stack, each, 1);
  }
  for (const rollout of rollouts) {
    const places = rollout.accountIds.length * rollout.regions.length;
    const each = Math.ceil((rollout.keys + rollout.replicas) / Math.max(places, 1));
    for (const accountId of rollout.accountIds) for (const region of rollout.regions) count(accountId, region, each);
  }
  return [...counts].map(([place, used]) => {
    const [accountId = "", region = ""] = place.split(" ");
    return use("keys-in-region", accountId, region, undefined, used, kmsQuotas.keysPerRegion);
  });
}

function ofKey(key: InventoryKey): QuotaUse[] {
  const { accountId, stack, region, replicas, aliases } = key;
  const subject = key.alias ?? key.address;
  return [{ ...key, region }, ...replicas].flatMap((copy) => {
    const of = (quota: QuotaId, used: number, limit: number): QuotaUse =>
      use(quota, accountId ?? stack, copy.region, subject, used, limit);
    return [
      of("aliases-of-key", copy.region === region ? aliases.length : 0, kmsQuotas.aliasesPerKey),
      of("grants-on-key", copy.grants, kmsQuotas.grantsPerKey),
      of("key-policy-bytes", copy.policyBytes, kmsLimits.keyPolicyBytes),
    ];
  });
}

/** A disabled key answers no request. Whoever asks pays with a quota of their own, a key store with its own besides. */
function requestsInRegions(keys: readonly InventoryKey[]): QuotaUse[] {
  const uses = new Map<string, QuotaUse>();
  const add = (more: QuotaUse): void => {
    const name = [more.quota, more.accountId, more.region, more.subject ?? ""].join(" ");
    const before = uses.get(name);
    uses.set(name, {
      ...more,
      used: (before?.used ?? 0) + more.used,
      isAverage: more.isAverage || before?.isAverage === true,
    });
  };
  for (const { accountId: owner, stack, region, spec, enabled, keyStore, requests } of keys) {
    const group: RequestQuotaGroup = requestQuotaGroupOf(spec);
    for (const { accountId, perMonth, peakPerSecond } of enabled ? requests : []) {
      const rate = { used: peakPerSecond ?? perMonth / secondsInMonth, isAverage: peakPerSecond === undefined };
      const limit = requestQuota(group, region);
      add({ ...use(`${group}-requests`, accountId, region, undefined, 0, limit), ...rate });
      if (keyStore === undefined) continue;
      const ofStore = use("key-store-requests", owner ?? stack, region, keyStore, 0, requestQuotas.perKeyStore);
      add({ ...ofStore, ...rate });
    }
  }
  return [...uses.values()].map((each) => ({ ...each, used: Math.round(each.used * 100) / 100 }));
}

function use(
  quota: QuotaId,
  accountId: string,
  region: string,
  subject: string | undefined,
  used: number,
  limit: number,
): QuotaUse {
  return { quota, accountId, region, subject, used, limit, isAverage: false };
}
