import { nameOrder } from "../../aws/name-order";
import type { Account, Organization, OrganizationalUnit, ZoneExtent } from "../organization-map";
import type { ZoneFile } from "../schema/zones-schema";
import { ousAbove } from "./known-accounts";

/** One OU while it is looked at. */
interface Unit {
  readonly ou: OrganizationalUnit;
  /** The zone that owns the OU itself, and with it every account that is created in it tomorrow. */
  readonly zone: string | undefined;
  /** Whether every account directly in it is of that zone. */
  readonly keepsItsAccounts: boolean;
  /** Whether everything below is of that zone, OUs included. */
  whole: boolean;
}

/**
 * What each zone covers, in the words that policies have for it: OUs with everything below, OUs without what is below,
 * and single accounts.
 *
 * @param entries the zones file
 * @param accounts all accounts, each with its zone
 * @returns by zone, without zones that cover nothing
 */
export function zoneExtents(
  entries: ReadonlyMap<string, { readonly value: ZoneFile }>,
  organizations: Iterable<Organization | undefined>,
  accounts: Iterable<Account>,
): Map<string, ZoneExtent> {
  const owners = new Map<string, string>();
  for (const [zone, { value }] of entries) {
    for (const ouPath of value.ous ?? []) owners.set(`${value.organization}/${ouPath}`, zone);
  }
  const accountsByPlace = new Map<string, Account[]>();
  for (const account of accounts) {
    const place = `${account.organization.name}/${account.ouPath}`;
    const direct = accountsByPlace.get(place);
    if (direct === undefined) accountsByPlace.set(place, [account]);
    else direct.push(account);
  }
  const units = new Map<string, Unit>();
  for (const organization of organizations) {
    if (organization !== undefined) addUnits(organization, owners, accountsByPlace, units);
  }
  const extents = new Map<string, Mutable<ZoneExtent>>();
  const extentOf = (zone: string): Mutable<ZoneExtent> => {
    const extent = extents.get(zone) ?? { wholeOus: [], ownOus: [], accounts: [] };
    extents.set(zone, extent);
    return extent;
  };
  for (const [place, { ou, zone, keepsItsAccounts, whole }] of units) {
    if (zone === undefined || !keepsItsAccounts) continue;
    if (!whole) extentOf(zone).ownOus.push(ou);
    else if (units.get(parentOf(place))?.whole !== true) extentOf(zone).wholeOus.push(ou);
  }
  for (const [place, direct] of accountsByPlace) {
    if (units.get(place)?.keepsItsAccounts === true && units.get(place)?.zone !== undefined) continue;
    for (const account of direct) extentOf(account.zone).accounts.push(account);
  }
  for (const extent of extents.values()) extent.accounts.sort((a, b) => nameOrder(a.name, b.name));
  return extents;
}

type Mutable<Lists> = { -readonly [Name in keyof Lists]: Lists[Name] extends readonly (infer Item)[] ? Item[] : never };

/** The OUs of one organization by `organization/OU path`, in the order of their paths: parents before children. */
function addUnits(
  organization: Organization,
  owners: ReadonlyMap<string, string>,
  accountsByPlace: ReadonlyMap<string, readonly Account[]>,
  units: Map<string, Unit>,
): void {
  const places: string[] = [];
  for (const ou of organization.organizationalUnits) {
    const place = `${organization.name}/${ou.path}`;
    const [zone] = ousAbove(ou.path).flatMap((path) => owners.get(`${organization.name}/${path}`) ?? []);
    const keepsItsAccounts = (accountsByPlace.get(place) ?? []).every((account) => account.zone === zone);
    units.set(place, { ou, zone, keepsItsAccounts, whole: keepsItsAccounts && zone !== undefined });
    places.push(place);
  }
  for (const place of places.reverse()) {
    const parent = units.get(parentOf(place));
    const unit = units.get(place);
    if (parent !== undefined && (unit?.whole !== true || unit.zone !== parent.zone)) parent.whole = false;
  }
}

function parentOf(place: string): string {
  return place.slice(0, place.lastIndexOf("/"));
}
