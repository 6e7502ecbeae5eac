import type { ContinuityRules } from "../modules/continuity/continuity-rules";
import { replicaRegionsOf } from "../modules/keys/key-identity";
import { plannedReplicasOf } from "../modules/keys/key-material";
import { waitsForKeyStore } from "../modules/keys/key-stores";
import { keysInMap } from "../modules/keys/keys-in-map";
import type { OrganizationMap } from "../modules/organization/organization-map";

/** What a new output is held against, besides the one that is there. */
export function continuityRulesOf(map: OrganizationMap): ContinuityRules {
  const { keys } = keysInMap(map);
  return {
    accounts: new Map(map.accounts.map(({ id, name, status }) => [id, { name, active: status === "active" }])),
    ous: new Map(
      map.organizations.flatMap(({ name, organizationalUnits }) =>
        organizationalUnits.map(({ path, idPath }): [string, string[]] => [
          `${name}/${path}`,
          idPath.split("/").filter((id) => id.startsWith("ou-")),
        ]),
      ),
    ),
    workloads: new Map(
      map.workloads.map(({ name, environments }) => [
        name,
        new Set(environments.map((environment) => environment.name)),
      ]),
    ),
    dataClasses: new Set(map.dataClasses.map(({ name }) => name)),
    zones: new Set(map.zones.map(({ name }) => name)),
    waitingKeys: new Set(keys.filter(waitsForKeyStore).map(({ owner, id, region }) => `${owner.id} ${id}_${region}`)),
    droppedAliases: new Set(
      keys.flatMap(({ owner, droppedAliases }) => droppedAliases.map((name) => `${owner.id} ${name}`)),
    ),
    waitingReplicas: new Set(
      keys.flatMap((key) => {
        const planned = plannedReplicasOf(key);
        const waiting = replicaRegionsOf(key).filter((region) => !planned.includes(region));
        return waiting.map((region) => `${key.owner.id} ${key.id}_${region}`);
      }),
    ),
  };
}
