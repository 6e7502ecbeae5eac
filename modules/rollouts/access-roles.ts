// STAND-IN: access-roles.ts of branch i5-access replaces this file.
import type { OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";

export function accessRolesData(_rollout: Rollout, zone: Zone, _map: OrganizationMap): object {
  return { zone: zone.name };
}
