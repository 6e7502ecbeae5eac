import type { AccountPlace } from "../modules/access/access-index";
import {
  type BoundaryKeyStore,
  type BoundaryOu,
  ZoneBoundaries,
  type ZoneBoundary,
} from "../modules/access/zone-boundary";
import { mapKeyName } from "../modules/checks/evidence/map-keys";
import type { CheckRules, DataClassRules, MapKey, MapKeyStore, MapUserGrant } from "../modules/checks/frame/check";
import { aliasId } from "../modules/keys/alias-id";
import type { KeyCandidate } from "../modules/keys/key-identity";
import { materialIn, plannedReplicasOf } from "../modules/keys/key-material";
import { rotationOf } from "../modules/keys/key-reasons";
import { keyStoreOf, storeAddress, waitsForKeyStore } from "../modules/keys/key-stores";
import { keysInMap } from "../modules/keys/keys-in-map";
import { planUserGrants } from "../modules/keys/plan-user-grants";
import { rolesByHand } from "../modules/organization/access-rollout";
import { baselineRolloutOf } from "../modules/organization/baseline-rollout";
import type { KeyStore } from "../modules/organization/key-store";
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
  const { keys } = keysInMap(map);
  return {
    zones: zonesOf(map),
    dataClasses: new Map(map.dataClasses.flatMap(dataClassRules).map((rules) => [rules.name, rules])),
    keys: new Map(mapKeys(keys).map((key) => [mapKeyName(key.accountId, key.id), key])),
    keyStores: map.zones.flatMap(({ keyStores }) => keyStores.flatMap(mapKeyStore)),
    userGrants: new Map(mapUserGrants(keys).map((grant) => [mapKeyName(grant.accountId, grant.id), grant])),
    exceptions: map.exceptions,
    places: placesOf(map),
    today,
  };
}

/** Whose accounts, OUs and Regions are whose. */
export function zonesOf(map: OrganizationMap): ZoneBoundaries {
  const accounts = new Map(map.accounts.map((account) => [account.name, account]));
  return new ZoneBoundaries(map.zones.map((zone) => boundaryOf(zone, accounts, map)));
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
function mapKeys(keys: readonly KeyCandidate[]): MapKey[] {
  return keys.filter((key) => key.owner.status === "active" && !waitsForKeyStore(key)).map(mapKey);
}

function mapKey(candidate: KeyCandidate): MapKey {
  const { owner, id, region, alias, aliases, dataClass, life } = candidate;
  const store = keyStoreOf(candidate);
  const replicas = plannedReplicasOf(candidate);
  const steps = replicas.map((replica) => [replica, life.replicaStep(replica)] as const);
  return {
    accountId: owner.id,
    id: `${id}_${region}`,
    region,
    alias,
    aliases,
    aliasIds: aliases.map(aliasId),
    dataClass: dataClass.name,
    multiRegion: dataClass.multiRegion,
    replicas,
    kind: dataClass.kind,
    keyStore: store === undefined ? undefined : placeOfStore(store),
    externalKeyId: store?.externalKeys.get(id),
    rotationDays: rotationOf(candidate).days,
    step: life.step,
    replicaSteps: new Map(steps.filter(([, step]) => step !== "in-use")),
    days: life.days,
    replicaDays: new Map(
      replicas.map((replica) => [replica, life.replicaDays(replica)] as const).filter(([, days]) => days.size > 0),
    ),
    replaced: life.lifecycle?.replaced,
    adoption:
      life.adoptedId === undefined
        ? undefined
        : {
            keyId: life.adoptedId,
            replicas: life.adoptedReplicas,
            aliases: life.adoptedAliases,
            grants: life.adoptedGrants,
          },
    material: new Map(
      [region, ...replicas].flatMap((each) => {
        const material = materialIn(candidate, each);
        return material === undefined ? [] : [[each, material] as const];
      }),
    ),
  };
}

/** Its id in AWS, or its address in the stack that makes it. */
function placeOfStore({ name, region, backing }: KeyStore): string {
  return backing.kind === "existing" ? backing.id : `aws_kms_custom_key_store.${storeAddress(name, region)}`;
}

/** Stores of accounts that have stacks; one that is known by its id is made elsewhere. */
function mapKeyStore(store: KeyStore): MapKeyStore[] {
  const { name, account, region, backing } = store;
  if (backing.kind === "existing" || account.status !== "active") return [];
  const described: Readonly<Record<string, string | undefined>> =
    backing.kind === "cloudhsm"
      ? {
          custom_key_store_type: "AWS_CLOUDHSM",
          cloud_hsm_cluster_id: backing.clusterId,
          trust_anchor_certificate: backing.trustAnchor,
        }
      : {
          custom_key_store_type: "EXTERNAL_KEY_STORE",
          xks_proxy_connectivity: backing.connectivity,
          xks_proxy_uri_endpoint: backing.endpoint,
          xks_proxy_uri_path: backing.path,
          xks_proxy_vpc_endpoint_service_name: backing.vpcEndpointService,
        };
  const known = Object.entries(described).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return [
    {
      accountId: account.id,
      address: placeOfStore(store),
      region,
      arguments: { custom_key_store_name: name, ...Object.fromEntries(known) },
    },
  ];
}

/** A grant that has ended is `grant-expiry`'s question. */
function mapUserGrants(keys: readonly KeyCandidate[]): MapUserGrant[] {
  return keys.flatMap((candidate) => {
    const { id: identity, owner, dataClass } = candidate;
    return planUserGrants(candidate, {}, [])
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

function boundaryOf(
  zone: Zone,
  accounts: ReadonlyMap<string, Account>,
  map: Pick<OrganizationMap, "accounts" | "rollouts">,
): ZoneBoundary {
  const { organization, extent } = zone;
  const byHand = rolesByHand(zone.name, map);
  return {
    name: zone.name,
    organization: organization.name,
    organizationId: organization.id,
    partition: organization.partition,
    managementAccountId: accounts.get(organization.managementAccount)?.id ?? "",
    // All rollouts of a zone have the same.
    rolloutAdministratorId: map.rollouts.find((rollout) => rollout.zone === zone.name)?.administrator.id,
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
    keyStores: zone.keyStores.map(boundaryKeyStore),
    administrators: zone.administrators,
    breakGlass: zone.breakGlass,
    deployRole: `role/${organization.roles.deploy}`,
    auditRole: `role/${organization.roles.audit}`,
    externalId: organization.externalId,
    pipelines:
      zone.pipelines === undefined
        ? undefined
        : {
            deploy: zone.pipelines.deploy.map(({ arn }) => arn),
            audit: zone.pipelines.audit.map(({ arn }) => arn),
            sessionTags: zone.pipelines.sessionTags,
          },
    state: zone.state,
    guardrails: zone.guardrails,
    stackSets: baselineRolloutOf(zone.name, map) !== undefined,
    rolesByHand: byHand && new Set(byHand.map(({ id }) => id)),
    floor: { rotationDays: zone.floor.rotationDays, deletionWindowDays: zone.floor.deletionWindowDays },
  };
}

function boundaryKeyStore(store: KeyStore): BoundaryKeyStore {
  return { store: placeOfStore(store), accountId: store.account.id, region: store.region };
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
