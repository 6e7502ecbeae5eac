import type { AccountPlace } from "../modules/access/access-index";
import { type BoundaryOu, ZoneBoundaries, type ZoneBoundary } from "../modules/access/zone-boundary";
import type { AcceptedException, DataClassRules } from "../modules/checks/check";
import type { Account, OrganizationalUnit, OrganizationMap, Zone } from "../modules/organization/organization-map";

/** What synthesized stacks are held against: the map's word, which no stack can change. */
export interface Rules {
  readonly zones: ZoneBoundaries;
  readonly dataClasses: ReadonlyMap<string, DataClassRules>;
  readonly exceptions: readonly AcceptedException[];
  /** By account id. */
  readonly places: ReadonlyMap<string, AccountPlace>;
}

export function rulesOf(map: OrganizationMap): Rules {
  const accounts = new Map(map.accounts.map((account) => [account.name, account]));
  return {
    zones: new ZoneBoundaries(map.zones.map((zone) => boundaryOf(zone, accounts))),
    dataClasses: new Map(
      map.dataClasses.flatMap((dataClass) =>
        dataClass.key !== "customer-managed"
          ? []
          : [
              [
                dataClass.name,
                {
                  name: dataClass.name,
                  rootAccess: dataClass.rootAccess,
                  grantsNeedConstraint: false,
                  grantsNeedExpiry: false,
                },
              ] as const,
            ],
      ),
    ),
    exceptions: [],
    places: new Map(map.accounts.map((account) => [account.id, placeOf(account)])),
  };
}

function boundaryOf(zone: Zone, accounts: ReadonlyMap<string, Account>): ZoneBoundary {
  const { organization, extent } = zone;
  return {
    name: zone.name,
    organization: organization.name,
    organizationId: organization.id,
    partition: organization.partition,
    managementAccountId: accounts.get(organization.managementAccount)?.id ?? "",
    accounts: new Map(zone.accounts.map((name) => [accounts.get(name)?.id ?? "", name])),
    wholeOus: extent.wholeOus.map(boundaryOu),
    ownOus: extent.ownOus.map(boundaryOu),
    regions: zone.regions,
    administrators: zone.administrators,
    breakGlass: zone.breakGlass,
    deployRole: `role/${organization.roles.deploy}`,
    auditRole: `role/${organization.roles.audit}`,
    state: zone.state,
    floor: { rotationDays: zone.floor.rotationDays, deletionWindowDays: zone.floor.deletionWindowDays },
  };
}

function boundaryOu({ id, path, idPath }: OrganizationalUnit): BoundaryOu {
  return { id, path, idPath };
}

function placeOf({ name, organization, ouPath }: Account): AccountPlace {
  const ou = organization.organizationalUnits.find(({ path }) => path === ouPath);
  const idPath = ou?.idPath ?? `${organization.id}/${organization.rootId}/`;
  return {
    organizationId: organization.id,
    path: idPath.split("/").slice(1, -1),
    isManagementAccount: name === organization.managementAccount,
  };
}
