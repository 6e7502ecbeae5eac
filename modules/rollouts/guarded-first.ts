import { baselineRolloutOf } from "../organization/baseline-rollout";
import type { OrganizationMap } from "../organization/organization-map";
import type { RolloutPlans } from "./rollout-plan";

/** Whether a zone's guardrails come before its rollouts, and not last: docs/guardrails.md, Zones to which StackSets bring keys. */
export function isGuardedFirst(
  zone: string,
  map: Pick<OrganizationMap, "rollouts">,
  { zones }: Pick<RolloutPlans, "zones">,
): boolean {
  return zones.some((plan) => plan.zone.name === zone) && baselineRolloutOf(zone, map) !== undefined;
}
