// STAND-IN: own-template.ts of branch i5-templates replaces this file.
import type { OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";

export function ownTemplateData(_rollout: Rollout, zone: Zone, _map: OrganizationMap): object {
  return { zone: zone.name };
}
