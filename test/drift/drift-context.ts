import type { DriftContext } from "../../modules/drift/drift-context";
import type { Output } from "../checks/sample-output";

/** An account of an output's map, on a day. */
export function driftContext({ rules }: Output, accountId: string, today = "2026-11-22"): DriftContext {
  const zone = rules.zones.ofAccount(accountId);
  if (zone === undefined) throw new Error(`account ${accountId} is in no zone`);
  return {
    account: zone.accounts.get(accountId) ?? accountId,
    accountId,
    partition: zone.partition,
    zone,
    zones: rules.zones,
    today,
    now: `${today}T12:00:00.000Z`,
    arnBehind: () => undefined,
  };
}
