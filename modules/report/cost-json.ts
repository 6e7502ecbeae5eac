import { kmsPricesOf } from "../aws/kms-prices";
import { requestQuotas } from "../aws/kms-quotas";
import { type CostGrouping, costBy, costOf } from "../inventory/cost";
import type { InventoryKey, InventoryRollout } from "../inventory/inventory";
import { isNear, quotaUses } from "../inventory/quota-use";
import { COST_SCHEMA, type CostDocument } from "./cost-document";

/** What was read of an output. */
export interface CostedOutput {
  readonly keys: readonly InventoryKey[];
  readonly rollouts: readonly InventoryRollout[];
  readonly stacks: number;
  /** Stacks with something that could not be understood. */
  readonly unreadable: readonly string[];
  /** Names by id. */
  readonly accounts: ReadonlyMap<string, string>;
}

/** What the keys of an output cost: `orgkeys/cost/v1`. */
export function costDocumentOf({ keys, rollouts, stacks, unreadable, accounts }: CostedOutput, by: CostGrouping) {
  const { source, read } = requestQuotas;
  return {
    schema: COST_SCHEMA,
    prices: kmsPricesOf,
    quotasOf: { source, read },
    stacks,
    unreadable: [...unreadable],
    by,
    rows: costBy(keys, rollouts, by).map((row) => ({ ...row, name: row.name ?? null })),
    total: costOf(keys, rollouts),
    quotas: quotaUses(keys, rollouts).map((use) => ({
      ...use,
      account: accounts.get(use.accountId) ?? null,
      subject: use.subject ?? null,
      isNear: isNear(use),
    })),
  } satisfies CostDocument;
}

export function costJson(document: CostDocument): string {
  return JSON.stringify(document, null, 2);
}
