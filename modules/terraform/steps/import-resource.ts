import { runStep } from "./run-step";
import { LOCK_TIMEOUT } from "./state-lock";
import type { StepContext, StepEnd } from "./step";

/**
 * `terraform import`: takes what is there already into the stack's state. Nothing of AWS changes.
 *
 * @param address Of a resource in the stack's JSON: `aws_kms_key.payments`
 * @param id As the provider wants it: a key's id, not its ARN.
 */
export function importResource(context: StepContext, address: string, id: string): Promise<StepEnd> {
  return runStep(context, {
    name: "import",
    args: ["import", "-input=false", "-no-color", LOCK_TIMEOUT, "--", address, id],
    good: [0],
    interruptAt: 2,
  });
}
