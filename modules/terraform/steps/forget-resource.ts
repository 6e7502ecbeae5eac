import { runStep } from "./run-step";
import { LOCK_TIMEOUT } from "./state-lock";
import type { StepContext, StepEnd } from "./step";

/** Takes a resource out of the stack's state again. Nothing of AWS changes. */
export function forgetResource(context: StepContext, address: string): Promise<StepEnd> {
  return runStep(context, {
    name: "import",
    args: ["state", "rm", LOCK_TIMEOUT, "--", address],
    good: [0],
    interruptAt: 2,
  });
}
