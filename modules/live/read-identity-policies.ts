import type { ClientSettings } from "./assume-role";
import type { CallBudget } from "./call-budget";
import type { LiveIdentityPolicy, Reading } from "./live-account";

/** The customer managed policies of an account below `/orgkeys/`, where consumer policies are. */
export async function readIdentityPolicies(
  _settings: ClientSettings,
  _budget: CallBudget,
): Promise<Reading<readonly LiveIdentityPolicy[]>> {
  return { value: [] };
}
