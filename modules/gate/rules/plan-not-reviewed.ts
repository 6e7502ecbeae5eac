import type { Danger, GateRule } from "../gate-rule";
import { type GatedStack, reviewedAddresses } from "../gated-stack";
import { notReviewed } from "../not-reviewed";

/**
 * The plan is made of the JSON and of nothing else: another file beside it, a variable, another folder or an edit while Terraform
 * ran show as a difference between the two.
 */
export const rule: GateRule = {
  id: "plan-not-reviewed",
  severity: "critical",
  requirement:
    "A plan does what the reviewed JSON says: the same resources, policies, tags, aliases and grants, and no others.",
  reason: "Reviews, checks and the zone proof are of the JSON; what is in the plan alone nobody has looked at.",
  fix: "plan again from the output as orgkeys synth writes it, without other files beside it; nothing allows this",
  allowedBy: "nobody",
  inStack: (stack) => [...missing(stack), ...stack.changes.flatMap((change) => notReviewed(change, stack))],
};

/** A plan of a part, by `-target`, is no plan of the stack. */
function missing(stack: GatedStack): Danger[] {
  const planned = new Set(stack.changes.map(({ address }) => address));
  return reviewedAddresses(stack)
    .filter((address) => !planned.has(address))
    .map((address) => ({ address, why: "is in the reviewed JSON, and the plan says nothing of it" }));
}
