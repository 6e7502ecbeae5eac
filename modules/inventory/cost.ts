import { groupedBy } from "../aws/grouped-by";
import { costOfKey, costOfRequests, type KeyCost, sumOfCosts } from "../aws/key-cost";
import { nameOrder } from "../aws/name-order";
import type { InventoryKey, InventoryRollout } from "./inventory";

/** US dollars a month. */
export interface InventoryCost extends KeyCost {
  readonly keys: number;
  readonly replicas: number;
  /** To the cent; requests of which nobody knows the price are in `unpricedRequests`. */
  readonly requests: number;
  /** Requests a month. */
  readonly unpricedRequests: number;
}

export const costGroupings = ["zone", "ou", "workload", "owner"] as const;
export type CostGrouping = (typeof costGroupings)[number];

export interface CostRow extends InventoryCost {
  /** Undefined where the stack does not say it. */
  readonly name: string | undefined;
  /** Whether it is one of all keys that a rollout makes, named `pci.baseline-keys`: these belong to accounts of many OUs and owners. */
  readonly isRollout: boolean;
}

/** What all keys cost together. */
export function costOf(keys: readonly InventoryKey[], rollouts: readonly InventoryRollout[] = []): InventoryCost {
  const requests = keys.map(requestsOf);
  const of = (name: "requests" | "unpricedRequests"): number => requests.reduce((sum, each) => sum + each[name], 0);
  return {
    keys: keys.length + rollouts.reduce((sum, rollout) => sum + rollout.keys, 0),
    replicas: [...keys.map((key) => key.replicas.length), ...rollouts.map(({ replicas }) => replicas)].reduce(
      (sum, count) => sum + count,
      0,
    ),
    ...sumOfCosts([...keys.flatMap(copiesOf), ...rollouts.map(costOfRollout)]),
    requests: Math.round(of("requests") * 100) / 100,
    unpricedRequests: of("unpricedRequests"),
  };
}

/** A row for each name, in their order, then one for each rollout that makes keys. */
export function costBy(
  keys: readonly InventoryKey[],
  rollouts: readonly InventoryRollout[],
  grouping: CostGrouping,
): CostRow[] {
  const groups = groupedBy(keys, (key) => key[grouping]);
  const ofRollouts = groupedBy(rollouts, ({ rollout }) => rollout);
  return [
    ...inOrder(groups).map(([name, group]) => ({ name, isRollout: false, ...costOf(group) })),
    ...inOrder(ofRollouts).map(([name, group]) => ({ name, isRollout: true, ...costOf([], group) })),
  ];
}

/** Replicas have the material of their primary, and every version of it. */
function copiesOf({ partition, rotationDays, rotationsOnDemand: rotations, replicas }: InventoryKey): KeyCost[] {
  const cost = costOfKey({ partition, rotates: rotationDays !== undefined, rotations });
  return [cost, ...replicas.map(() => cost)];
}

function costOfRollout({ partition, keys, replicas, rotating }: InventoryRollout): KeyCost {
  const still = keys + replicas - rotating;
  return sumOfCosts([
    times(rotating, costOfKey({ partition, rotates: true, rotations: 0 })),
    times(still, costOfKey({ partition, rotates: false, rotations: 0 })),
  ]);
}

function times(count: number, { now, later, unpriced }: KeyCost): KeyCost {
  return { now: count * now, later: count * later, unpriced: count * unpriced };
}

/** A disabled key answers no request. */
function requestsOf({ partition, spec, enabled, requests }: InventoryKey): {
  readonly requests: number;
  readonly unpricedRequests: number;
} {
  const perMonth = enabled ? requests.reduce((sum, rate) => sum + rate.perMonth, 0) : 0;
  const cost = costOfRequests(partition, spec, perMonth);
  return cost === undefined ? { requests: 0, unpricedRequests: perMonth } : { requests: cost, unpricedRequests: 0 };
}

/** What has no name comes last. */
function inOrder<Item>(
  groups: ReadonlyMap<string | undefined, readonly Item[]>,
): readonly (readonly [string | undefined, readonly Item[]])[] {
  return [...groups].sort(([a], [b]) => {
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return nameOrder(a, b);
  });
}
