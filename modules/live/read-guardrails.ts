import type { ClientSettings } from "./assume-role";
import type { CallBudget } from "./call-budget";
import type { LiveGuardrail, Reading } from "./live-account";

/** The resource and service control policies of an organization that are among some names, as its management account has them. */
export async function readGuardrails(
  _settings: ClientSettings,
  _names: ReadonlySet<string>,
  _budget: CallBudget,
): Promise<Reading<readonly LiveGuardrail[]>> {
  return { value: [] };
}
