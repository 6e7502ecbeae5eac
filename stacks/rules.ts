import type { AccountPlace } from "../modules/access/access-index";
import { type BoundaryOu, ZoneBoundaries, type ZoneBoundary } from "../modules/access/zone-boundary";
import { isLetGo } from "../modules/aws/key-step";
import { mapKeyName } from "../modules/checks/evidence/map-keys";
import type { CheckRules, DataClassRules, MapKey } from "../modules/checks/frame/check";
import { waitsForKeyStore } from "../modules/keys/key-stores";
import { keysInMap } from "../modules/keys/keys-in-map";
import type {
  Account,
  DataClass,
  OrganizationalUnit,
  OrganizationMap,
  Zone,
} from "../modules/organization/organization-map";

/**
 * What synthesized stacks are held against.
 *
 * @param today the day of the check; without one nothing that ends has ended
 */
export function rulesOf(map: OrganizationMap, today?: string): CheckRules {
  const accounts = new Map(map.accounts.map((account) => [account.name, account]));
  return {
    zones: new ZoneBoundaries(map.zones.map((zone) => boundaryOf(zone, accounts))),
    dataClasses: new Map(map.dataClasses.flatMap(dataClassRules).map((rules) => [rules.name, rules])),
    keys: new Map(mapKeys(map).map((key) => [mapKeyName(key.accountId, key.id), key])),
    exceptions: map.exceptions,
    places: placesOf(map),
    today,
  };
}

/** AWS's own keys are in no stack. */
function dataClassRules(dataClass: DataClass): DataClassRules[] {
  if (dataClass.key !== "customer-managed") return [];
  const { name, rootAccess, grants } = dataClass;
  return [
    {
      name,
      rootAccess,
      grantsNeedConstraint: grants.encryptionContext === "required",
      grantsNeedExpiry: grants.expires === "required",
    },
  ];
}

/** The keys that are in the stacks of their accounts. */
function mapKeys(map: OrganizationMap): MapKey[] {
  return keysInMap(map)
    .keys.filter((key) => key.owner.status === "active" && !isLetGo(key.life.step) && !waitsForKeyStore(key))
    .map(({ owner, id, region, alias, dataClass }) => ({
      accountId: owner.id,
      id: `${id}_${region}`,
      alias,
      dataClass: dataClass.name,
      multiRegion: dataClass.multiRegion,
    }));
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
    inactiveAccounts: new Set(
      zone.accounts.flatMap((name) => {
        const account = accounts.get(name);
        return account === undefined || account.status === "active" ? [] : [account.id];
      }),
    ),
    wholeOus: extent.wholeOus.map(boundaryOu),
    ownOus: extent.ownOus.map(boundaryOu),
    regions: zone.regions,
    administrators: zone.administrators,
    breakGlass: zone.breakGlass,
    deployRole: `role/${organization.roles.deploy}`,
    auditRole: `role/${organization.roles.audit}`,
    state: zone.state,
    guardrails: zone.guardrails,
    floor: { rotationDays: zone.floor.rotationDays, deletionWindowDays: zone.floor.deletionWindowDays },
  };
}

function boundaryOu({ id, path, idPath }: OrganizationalUnit): BoundaryOu {
  return { id, path, idPath };
}

function placesOf(map: OrganizationMap): Map<string, AccountPlace> {
  const idPaths = new Map(
    map.organizations.flatMap(({ name, organizationalUnits }) =>
      organizationalUnits.map(({ path, idPath }) => [`${name}/${path}`, idPath] as const),
    ),
  );
  return new Map(
    map.accounts.map(({ id, name, organization, ouPath }) => {
      const idPath = idPaths.get(`${organization.name}/${ouPath}`) ?? `${organization.id}/${organization.rootId}/`;
      const isManagementAccount = name === organization.managementAccount;
      return [id, { organizationId: organization.id, path: idPath.split("/").slice(1, -1), isManagementAccount }];
    }),
  );
}
