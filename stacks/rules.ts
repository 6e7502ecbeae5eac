import type { AccountPlace } from "../modules/access/access-index";
import { type BoundaryOu, ZoneBoundaries, type ZoneBoundary } from "../modules/access/zone-boundary";
import { uniqueNames } from "../modules/aws/name-order";
import { mapKeyName } from "../modules/checks/evidence/map-keys";
import type { CheckRules, DataClassRules, MapKey, MapUserGrant } from "../modules/checks/frame/check";
import { cutKeys } from "../modules/keys/key-identity";
import { planUserGrants } from "../modules/keys/plan-user-grants";
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
    userGrants: new Map(mapUserGrants(map).map((grant) => [mapKeyName(grant.accountId, grant.id), grant])),
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

/** The keys of accounts that have stacks. */
function mapKeys(map: OrganizationMap): MapKey[] {
  return cutKeys(map.workloads, new Map(map.zones.map((zone) => [zone.name, zone])))
    .filter(({ owner }) => owner.status === "active")
    .map(({ owner, id, region, alias, dataClass }) => ({
      accountId: owner.id,
      id: `${id}_${region}`,
      alias,
      dataClass: dataClass.name,
      multiRegion: dataClass.multiRegion,
    }));
}

/** A grant that has ended is `grant-expiry`'s question. */
function mapUserGrants(map: OrganizationMap): MapUserGrant[] {
  return cutKeys(map.workloads, new Map(map.zones.map((zone) => [zone.name, zone]))).flatMap((candidate) => {
    const { id: identity, owner, dataClass, region, members } = candidate;
    const regions = uniqueNames([region, ...members.flatMap(({ environment }) => environment.replicas)]);
    return planUserGrants(candidate, regions, {}, [])
      .filter(({ status }) => status === "planned")
      .map(({ id, accountId, retiring, keyArn, grantee, operations, constraint, region: granted }) => ({
        accountId,
        id,
        deployRole: retiring,
        ownerAccountId: owner.id,
        keyId: `${identity}_${granted}`,
        keyArn,
        dataClass: dataClass.name,
        grantee,
        operations,
        constraint,
      }));
  });
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
