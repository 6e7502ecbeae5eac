import type { GateRule } from "../gate-rule";
import { isChange } from "../planned-change";

/** Outputs are no changes of anything. */
export const rule: GateRule = {
  id: "too-many-changes",
  severity: "medium",
  requirement: "A run changes no more than --max-changes says.",
  reason: "A change that was meant for one key and reaches a thousand is a mistake that nobody has seen yet.",
  fix: "look at what makes so many changes; raise --max-changes when it is meant",
  allowedBy: "command line",
  inRun: (stacks, { maxChanges, changesBefore = 0 }) => {
    const changes = changesBefore + stacks.flatMap((stack) => stack.changes.filter(isChange)).length;
    if (maxChanges === undefined || changes <= maxChanges) return [];
    return [{ address: undefined, why: `would make ${changes} changes, and --max-changes is ${maxChanges}` }];
  },
};
