import type { CheckedEntries } from "../check-files";
import type { Account, Zone } from "../organization-map";
import type { Problem } from "../problem";
import type { ZoneFile } from "../schema/zones-schema";
import { assignZones } from "./assign-zones";
import { checkZone, type TakenByZones } from "./check-zone";
import type { LinkedOrganizations } from "./link-organizations";
import { linkZone } from "./link-zone";
import { zoneExtents } from "./zone-extents";

export interface LinkedZones {
  /** Zones with mistakes that leave nothing to go on with are missing. */
  readonly zones: Map<string, Zone>;
  readonly accounts: Map<string, Account>;
  readonly problems: Problem[];
}

/** What the zones file is held against. */
export interface ZonesSurroundings {
  readonly organizations: LinkedOrganizations;
  /** False when some part of an organization could not be read, so that any OU or account may be in it. */
  readonly allAccountsNamed: boolean;
  /** Undefined when the data classes could not be read. */
  readonly dataClassNames: ReadonlySet<string> | undefined;
  /** Undefined when there may be others. */
  readonly environmentNames: ReadonlySet<string> | undefined;
}

/**
 * Resolves the zones file, and with it the zone of every account.
 *
 * @param checked undefined when there is no zones file, or none that could be read
 */
export function linkZones(checked: CheckedEntries<ZoneFile> | undefined, surroundings: ZonesSurroundings): LinkedZones {
  const { organizations, allAccountsNamed } = surroundings;
  const { accounts, problems } = assignZones(checked, organizations, allAccountsNamed);
  const zones = new Map<string, Zone>();
  const members = new Map<string, string[]>();
  for (const account of accounts.values()) {
    const own = members.get(account.zone);
    if (own === undefined) members.set(account.zone, [account.name]);
    else own.push(account.name);
  }
  const extents = zoneExtents(checked?.entries ?? new Map(), organizations.organizations.values(), accounts.values());
  const taken: TakenByZones = { keyManagementAccounts: new Map(), buckets: new Map(), keyStores: new Map() };
  for (const [name, { file, value }] of checked?.entries ?? []) {
    const organization = organizations.organizations.get(value.organization);
    problems.push(...checkZone(file, name, value, { ...surroundings, organization, accounts, taken }));
    if (organization === undefined) continue;
    const extent = extents.get(name) ?? { wholeOus: [], ownOus: [], accounts: [] };
    zones.set(name, linkZone(name, value, organization, accounts, members.get(name) ?? [], extent));
  }
  return { zones, accounts, problems };
}
