import { isFields } from "../../access/stack-reading";
import { type RunState, stepContext, urgent } from "./run-state";

/**
 * Has each set of providers that stacks ask for put into the cache once, by one Terraform alone: the cache is not made for two that write
 * at once. Where it fails, each stack's own init says why.
 */
export async function warmProviderCache(names: readonly string[], run: RunState): Promise<void> {
  const { parts, warmed } = run;
  for (const name of names) {
    const providers = requiredProviders(parts.textOf(name));
    if (warmed.has(providers)) continue;
    warmed.add(providers);
    if (parts.stop.level > 0) return;
    await parts.steps.warmCache(stepContext(run, name, urgent(parts.stop)));
  }
}

/** As text, to be compared. */
function requiredProviders(text: string): string {
  try {
    const stack: unknown = JSON.parse(text);
    const terraform = isFields(stack) ? stack.terraform : undefined;
    return JSON.stringify(isFields(terraform) ? terraform.required_providers : undefined) ?? "";
  } catch {
    return "";
  }
}
