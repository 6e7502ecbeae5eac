import type { OrganizationMap, Zone } from "../../modules/organization/organization-map";
import type { Rollout } from "../../modules/organization/rollout";

/** A rollout of a zone as the map would have it without any field of its own, with what a test has to say. */
export function rolloutOf(map: OrganizationMap, zone: Zone, more: Partial<Rollout> = {}): Rollout {
  const [busAccount] = map.accounts.filter((account) => account.zone === zone.name);
  if (busAccount === undefined) throw new Error(`zone ${zone.name} has no account`);
  return {
    name: `${zone.name}.key-events`,
    zone: zone.name,
    template: "key-events",
    ownTemplate: undefined,
    administrator: busAccount,
    waves: [{ name: undefined, ous: undefined }],
    canary: true,
    excluded: [],
    regions: zone.regions,
    replicas: [],
    concurrency: { count: 1 },
    failureTolerance: { count: 0 },
    concurrencyMode: "strict",
    regionConcurrency: "sequential",
    autoDeployment: true,
    retain: false,
    busAccount: zone.keyManagementAccount ?? busAccount,
    archiveDays: undefined,
    parameters: {},
    source: `rollouts.yaml ${zone.name}.templates.key-events`,
    ...more,
  };
}
