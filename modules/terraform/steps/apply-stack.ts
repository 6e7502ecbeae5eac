import { assertPlan, planFile } from "./private-files";
import { runStep } from "./run-step";
import { LOCK_TIMEOUT } from "./state-lock";
import type { StepContext, StepEnd } from "./step";

/**
 * `terraform apply` of the saved plan, of nothing else.
 *
 * @param planSha256 Of the plan that `showPlan` read: a file that is another by now is not applied.
 */
export function applyStack(context: StepContext, planSha256?: string): Promise<StepEnd> {
  const file = planFile(context);
  return runStep(context, {
    name: "apply",
    args: ["apply", "-json", "-input=false", "-no-color", LOCK_TIMEOUT, file],
    good: [0],
    interruptAt: 2,
    prepare: () => assertPlan(file, planSha256),
  });
}
