// STAND-IN: key-events.ts of branch i5-templates replaces this file.
import type { Account, OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";

export function keyEventsBusAccount(rollout: Rollout, zone: Zone): Account {
  const account = rollout.busAccount ?? zone.keyManagementAccount;
  if (account === undefined) throw new Error(`${rollout.name} has no account for the bus of zone ${zone.name}`);
  return account;
}

export function keyEventsBusRegion(zone: Zone): string {
  const { homeRegion } = zone.organization;
  return zone.regions.includes(homeRegion) ? homeRegion : (zone.regions[0] ?? homeRegion);
}

export function keyEventsBusData(_rollout: Rollout, zone: Zone, _map: OrganizationMap): object {
  return { zone: zone.name };
}

export function keyEventsData(_rollout: Rollout, zone: Zone, _map: OrganizationMap): object {
  return { zone: zone.name };
}
