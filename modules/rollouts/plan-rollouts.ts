import type { Finding } from "../findings/finding";
import type { AccountPlan } from "../keys/account-plan";
import type { PlanProblem } from "../keys/plan-problem";
import type { OrganizationMap } from "../organization/organization-map";
import type { RolloutPlans } from "./rollout-plan";

/** The texts of the built-in templates, by their file names without `.yaml.hbs`. */
export type TemplateTexts = ReadonlyMap<string, string>;

/**
 * The StackSets of every zone: pure, and the same for the same map whatever the order of its files.
 *
 * @param accounts the account stacks, whose names are taken
 * @param templates read only where the map has rollouts
 */
export function planRollouts(
  _map: OrganizationMap,
  _accounts: readonly AccountPlan[],
  _templates: () => TemplateTexts,
): { plans: RolloutPlans; findings: Finding[] } | { problems: PlanProblem[] } {
  return { plans: { zones: [], direct: [] }, findings: [] };
}
