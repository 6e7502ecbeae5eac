import { cloudTrailDetailTypes, kmsDetailTypes, kmsEventNames } from "../aws/kms-events";
import { uniqueNames } from "../aws/name-order";
import type { Account, OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";

/** What both templates name. */
const ruleNames = { calls: "orgkeys-key-events", service: "orgkeys-key-events-service" } as const;
const rolePrefix = "orgkeys-key-events-";
/** A pattern of the roles that send events, one for each Region. */
export const keyEventsRoles = `role/${rolePrefix}*`;
/**
 * The permissions boundary of the role that sends events from the management account, and of nothing else: the deploy role
 * makes that role there, and whoever makes a role may as well be it. It comes with `access-roles`.
 */
export const keyEventsBoundaryName = "orgkeys-key-events-boundary";

/** The account with the zone's bus. */
export function keyEventsBusAccount(rollout: Rollout, zone: Zone): Account {
  const account = rollout.busAccount ?? zone.keyManagementAccount;
  if (account === undefined) throw new Error(`${rollout.name} has no account for the bus of zone ${zone.name}`);
  return account;
}

/**
 * The Region of the zone's bus: the organization's home Region, or the first of a zone that is not there. What the rollout
 * says about its Regions and their order does not matter, because a bus that moves loses what it has kept.
 */
export function keyEventsBusRegion(zone: Zone): string {
  const { homeRegion } = zone.organization;
  return zone.regions.includes(homeRegion) ? homeRegion : (zone.regions[0] ?? homeRegion);
}

function busName(zone: Zone): string {
  return `orgkeys-${zone.name}-key-events`;
}

/** Where all of the zone's key events go. */
export function keyEventsBusArn(rollout: Rollout, zone: Zone): string {
  const { id } = keyEventsBusAccount(rollout, zone);
  return `arn:${zone.organization.partition}:events:${keyEventsBusRegion(zone)}:${id}:event-bus/${busName(zone)}`;
}

/** What `templates/key-events-bus.yaml.hbs` names: for the account of the bus alone. */
export function keyEventsBusData(rollout: Rollout, zone: Zone, _map: OrganizationMap): object {
  const { organization, extent } = zone;
  const organizationPaths = uniqueNames([
    ...extent.wholeOus.map(({ idPath }) => `${idPath}*`),
    ...extent.ownOus.map(({ idPath }) => idPath),
  ]);
  const accountIds = uniqueNames([
    // Also where its OU is the zone's: the bus hears of its own account in any case.
    keyEventsBusAccount(rollout, zone).id,
    ...extent.accounts.filter(({ status }) => status !== "suspended").map(({ id }) => id),
  ]);
  return {
    zone: zone.name,
    bus: busName(zone),
    // Without Regions: the roles are one a Region, and the bus hears of all of them.
    roles: uniqueNames([`${rolePrefix}*`, organization.roles.deploy, "stacksets-exec-*"]).map(
      (role) => `arn:${organization.partition}:iam::*:role/${role}`,
    ),
    organizationId: organization.id,
    hasOrganizationPaths: organizationPaths.length > 0,
    organizationPaths,
    accountIds,
    hasArchive: rollout.archiveDays !== undefined,
    archiveDays: rollout.archiveDays ?? 0,
  };
}

/** What `templates/key-events.yaml.hbs` names: for every account of the zone, in each of the rollout's Regions. */
export function keyEventsData(rollout: Rollout, zone: Zone, map: OrganizationMap): object {
  const { managementAccount } = zone.organization;
  const management = map.accounts.find(
    ({ name, organization }) => name === managementAccount && organization.name === zone.organization.name,
  );
  const hasRoles = map.rollouts.some((each) => each.zone === zone.name && each.template === "access-roles");
  return {
    zone: zone.name,
    busArn: keyEventsBusArn(rollout, zone),
    rolePrefix,
    boundary: hasRoles && management?.zone === zone.name && { accountId: management.id, name: keyEventsBoundaryName },
    rules: ruleNames,
    eventNames: kmsEventNames,
    cloudTrailDetailTypes,
    kmsDetailTypes,
  };
}
