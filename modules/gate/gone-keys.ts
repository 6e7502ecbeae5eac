import { fieldsOf } from "../access/json-parts";
import type { Fields } from "../access/stack-reading";
import type { PlanJson } from "../terraform/plan-json";
import { isResourceChange, type PlannedChange } from "./planned-change";
import { isKeyOrReplica } from "./resource-types";

/** Keys and replicas that the state has and AWS no longer, by address: for the provider, one whose deletion is scheduled is gone. */
export function goneKeys({ resource_drift: drift }: PlanJson): ReadonlyMap<string, Fields> {
  const list: readonly unknown[] = Array.isArray(drift) ? drift : [];
  return new Map(
    list
      .filter(isResourceChange)
      .filter((each) => isKeyOrReplica(each) && each.deposed === undefined && each.change.actions.join() === "delete")
      .map(({ address, change }) => [address, fieldsOf(change.before)]),
  );
}

/** A key that is made where one is gone is a replacement. */
export function madeAnew(change: PlannedChange, gone: ReadonlyMap<string, Fields>): PlannedChange {
  const before = change.isDeposed || change.action !== "create" ? undefined : gone.get(change.address);
  return before === undefined ? change : { ...change, before, action: "replace" };
}
