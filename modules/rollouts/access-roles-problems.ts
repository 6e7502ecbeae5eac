// STAND-IN: access-roles-problems.ts of branch i5-access replaces this file.
import type { PlanProblem } from "../keys/plan-problem";
import type { OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import type { TemplateDocument } from "./template";

export function accessRolesProblems(
  _rollout: Rollout,
  _zone: Zone,
  _map: OrganizationMap,
  _document?: TemplateDocument,
): PlanProblem[] {
  return [];
}
