// STAND-IN: baseline-keys.ts of branch i5-baseline replaces this file.
import type { OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";

export function baselineKeysData(_rollout: Rollout, zone: Zone, _map: OrganizationMap): object {
  return { zone: zone.name };
}

export function baselineReplicasData(_rollout: Rollout, zone: Zone, _map: OrganizationMap): object {
  return { zone: zone.name };
}
