import type { ContinuityRules } from "../modules/continuity/continuity-rules";
import { cutKeys } from "../modules/keys/key-identity";
import type { OrganizationMap } from "../modules/organization/organization-map";

/** What a new output is held against, besides the one that is there. */
export function continuityRulesOf(map: OrganizationMap): ContinuityRules {
  const candidates = cutKeys(map.workloads, new Map(map.zones.map((zone) => [zone.name, zone])));
  return {
    accounts: new Map(map.accounts.map(({ id, name, status }) => [id, { name, active: status === "active" }])),
    workloads: new Map(
      map.workloads.map(({ name, environments }) => [
        name,
        new Set(environments.map((environment) => environment.name)),
      ]),
    ),
    dataClasses: new Set(map.dataClasses.map(({ name }) => name)),
    zones: new Set(map.zones.map(({ name }) => name)),
    droppedAliases: new Set(
      candidates.flatMap(({ owner, members }) =>
        members.flatMap(({ workload }) => workload.dropAliases.map((name) => `${owner.id} alias/${name}`)),
      ),
    ),
  };
}
