import { preventsDestroy } from "../../access/prevents-destroy";
import type { GateRule } from "../gate-rule";
import { reviewedArguments } from "../gated-stack";
import { stays } from "../planned-change";
import { protectedTypes } from "../resource-types";

/** No plan and no state has it: it is read from the JSON that was planned. */
export const rule: GateRule = {
  id: "prevent-destroy-dropped",
  severity: "high",
  requirement: "Whatever a plan keeps of keys, guardrails and rollouts, Terraform goes on refusing to destroy.",
  reason: "The next plan could destroy it, and nothing in that one would say that a protection is gone.",
  fix: "set lifecycle.prevent_destroy to true; orgkeys synth writes it anew",
  allowedBy: "command line",
  inStack: (stack) =>
    stack.changes
      .filter((change) => protectedTypes.has(change.type) && stays(change))
      .flatMap((change) => {
        const { address } = change;
        const reviewed = reviewedArguments(stack, change);
        if (reviewed === undefined || preventsDestroy(reviewed)) return [];
        return [{ address, why: "has no lifecycle.prevent_destroy in the JSON that was planned" }];
      }),
};
