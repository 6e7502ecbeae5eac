// STAND-IN: key-events.ts of branch i5-templates replaces this file.
import type { OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";

export function keyEventsBusData(_rollout: Rollout, zone: Zone, _map: OrganizationMap): object {
  return { zone: zone.name };
}

export function keyEventsData(_rollout: Rollout, zone: Zone, _map: OrganizationMap): object {
  return { zone: zone.name };
}
