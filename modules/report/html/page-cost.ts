import { kmsPricesOf } from "../../aws/kms-prices";
import { type CostGrouping, costBy, costOf, type InventoryCost } from "../../inventory/cost";
import type { InventoryKey, InventoryRollout } from "../../inventory/inventory";
import type { PageCost, PageCostRow } from "../page-data";

export function pageCost(keys: readonly InventoryKey[], rollouts: readonly InventoryRollout[]): PageCost {
  const by = (grouping: CostGrouping): PageCostRow[] =>
    costBy(keys, rollouts, grouping).map(({ name, isRollout, ...cost }) =>
      costRow(name ?? `no ${grouping}`, isRollout, cost),
    );
  return {
    total: costRow("all", false, costOf(keys, rollouts)),
    pricesOf: `${kmsPricesOf.source}, read on ${kmsPricesOf.read}`,
    byZone: by("zone"),
    byOu: by("ou"),
    byWorkload: by("workload"),
    byOwner: by("owner"),
  };
}

function costRow(name: string, isRollout: boolean, cost: InventoryCost): PageCostRow {
  const { keys, replicas, now, later, requests, unpriced, unpricedRequests } = cost;
  return { name, isRollout, keys, replicas, now, later, requests, unpriced, unpricedRequests };
}
