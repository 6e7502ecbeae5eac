import type { OrganizationMap, Zone } from "../../modules/organization/organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import { plainRollout } from "./plain-rollout";

/** A rollout of a zone as the map would have it without any field of its own, with what a test has to say. */
export function rolloutOf(map: OrganizationMap, zone: Zone, more: Partial<Rollout> = {}): Rollout {
  const [busAccount] = map.accounts.filter((account) => account.zone === zone.name);
  if (busAccount === undefined) throw new Error(`zone ${zone.name} has no account`);
  return plainRollout({
    zone: zone.name,
    template: "key-events",
    administrator: busAccount,
    regions: zone.regions,
    retain: false,
    busAccount: zone.keyManagementAccount ?? busAccount,
    ...more,
  });
}
