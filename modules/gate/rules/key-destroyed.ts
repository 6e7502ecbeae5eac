import type { Danger, GateRule } from "../gate-rule";
import type { GatedStack } from "../gated-stack";
import type { PlannedChange } from "../planned-change";
import { keyStoreType, keyTypes } from "../resource-types";
import { isLetGoAsReviewed, recordedStep } from "../reviewed-life";

/** Terraform lets go of a key only by a `removed` block, and the record of the same JSON has to say why. */
export const rule: GateRule = {
  id: "key-destroyed",
  severity: "critical",
  requirement: "No plan deletes a key or a key store, or lets go of one that the reviewed JSON does not let go.",
  reason: "With a key all data under it is gone for good, and a key that no state has is soon made a second time.",
  fix: "put back what was deleted from the map or the stack; a key ends in the steps of docs/lifecycle.md#end",
  allowedBy: "command line",
  inStack: (stack) =>
    stack.changes
      .filter(({ type }) => keyTypes.has(type) || type === keyStoreType)
      .flatMap((each) => endOf(each, stack)),
};

/** What a plan that ends a key, a replica or a key store does; nothing for all others, and for what is let go as reviewed. */
export function endOf(change: PlannedChange, { stack }: GatedStack): Danger[] {
  const { address, action, before } = change;
  if (action === "delete") {
    const days = before.deletion_window_in_days;
    const when = typeof days === "number" ? ` in ${days} days` : "";
    const how = change.type === keyStoreType ? "would be deleted" : `would be scheduled for deletion${when}`;
    return [{ address, why: how }];
  }
  if (action !== "forget" || isLetGoAsReviewed(stack, change)) return [];
  const step = recordedStep(stack, address);
  const record = step === undefined ? "has no record of it" : `says it is ${step}`;
  return [{ address, why: `would be let go, and the reviewed JSON ${record}` }];
}
