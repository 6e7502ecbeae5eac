// STAND-IN: unreached-workloads.ts of branch i5-baseline replaces this file.
import type { PlanProblem } from "../keys/plan-problem";
import type { OrganizationMap } from "../organization/organization-map";

export function unreachedWorkloads(_map: OrganizationMap): PlanProblem[] {
  return [];
}
