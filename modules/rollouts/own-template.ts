// STAND-IN: own-template.ts of branch i5-templates replaces this file.
import type { PlanProblem } from "../keys/plan-problem";
import type { Organization, OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import type { TemplateFlaw } from "./template";

export function ownTemplateData(_rollout: Rollout, zone: Zone, _map: OrganizationMap): object {
  return { zone: { name: zone.name }, organization: { name: zone.organization.name } };
}

export function keptNames({ roles }: Organization): readonly string[] {
  return [roles.deploy, roles.audit];
}

export function ownTemplateProblem({ source, ownTemplate }: Rollout, { message, fix }: TemplateFlaw): PlanProblem {
  return { source, message: `${ownTemplate?.path}  ${message}`, fix };
}
