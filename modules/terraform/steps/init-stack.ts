import { runStep } from "./run-step";
import type { StepContext, StepEnd } from "./step";

const INIT = ["init", "-json", "-input=false", "-no-color"];

/**
 * `terraform init`. Never with `-reconfigure` or `-migrate-state`: a stack whose backend is another one than before is for people to
 * look at, since its keys are in the state of the one before.
 */
export function initStack(context: StepContext): Promise<StepEnd> {
  return runStep(context, { name: "init", args: INIT, good: [0], interruptAt: 1 });
}

/**
 * Fills the plugin cache, which is not made for two at once: before any other `init` with the same providers, and alone. Without the
 * backend: who may not read one stack's state still fills the cache for all others.
 *
 * Source: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
 */
export function warmCache(context: StepContext): Promise<StepEnd> {
  return runStep(context, { name: "init", args: [...INIT, "-backend=false"], good: [0], interruptAt: 1 });
}
