import { nameOrder } from "../../aws/name-order";
import type { CheckedEntries } from "../check-files";
import type { MapPath } from "../map-file";
import type { Account } from "../organization-map";
import { listNames, nearestName, type Problem, suggestName } from "../problem";
import type { ZoneFile } from "../schema/zones-schema";
import { ousAbove, UNKNOWN_ZONE } from "./known-accounts";
import type { LinkedOrganizations, UnzonedAccount } from "./link-organizations";
import { type NamesInOrganization, namesInOrganization } from "./names-in-organization";

/** What zones own, by `organization/OU path` and by account. */
interface Claims {
  readonly ous: Map<string, string>;
  readonly accounts: Map<string, string[]>;
  /** A name that was most likely meant, for what no zone owns otherwise: one slip must not put a whole OU in doubt. */
  readonly likelyOus: Map<string, string>;
  /** Organizations with a zone that may own more than could be resolved; undefined for all of them. */
  readonly doubtful: Set<string | undefined>;
  readonly problems: Problem[];
}

/**
 * Gives every account its zone. A zone owns its OUs with everything below; the deepest OU wins, and an account that a
 * zone names itself is deeper than any OU.
 *
 * @param checked undefined when there is no zones file to hold accounts against
 * @returns every account, in doubt with `UNKNOWN_ZONE`
 */
export function assignZones(
  checked: CheckedEntries<ZoneFile> | undefined,
  linked: LinkedOrganizations,
  allAccountsNamed: boolean,
): { accounts: Map<string, Account>; problems: Problem[] } {
  const allEntriesKnown = checked !== undefined && checked.entries.size === checked.names.size;
  const claims: Claims = {
    ous: new Map(),
    accounts: new Map(),
    likelyOus: new Map(),
    doubtful: new Set(allEntriesKnown ? [] : [undefined]),
    problems: [],
  };
  for (const [name, { file, value }] of checked?.entries ?? []) {
    const report: Claimant["report"] = (path, message, fix, atKey = false) => {
      claims.problems.push(file.problem([name, ...path], message, { fix, atKey }));
    };
    claim({ name, zone: value, linked, allAccountsNamed, claims, report });
  }
  const accounts = new Map<string, Account>();
  const unzoned: UnzonedAccount[] = [];
  for (const account of linked.accounts.values()) {
    const zones = zonesOf(account, claims);
    const [zone = UNKNOWN_ZONE] = zones;
    accounts.set(account.name, { ...account, zone: zones.length === 1 ? zone : UNKNOWN_ZONE });
    const isDoubtful = claims.doubtful.has(undefined) || claims.doubtful.has(account.organization.name);
    if (zones.length === 0 && !isDoubtful) unzoned.push(account);
    const place = linked.accountPlaces.get(account.name);
    if (checked === undefined || place === undefined || zones.length < 2) continue;
    const message = `is in zones ${zones.sort(nameOrder).join(" and ")}`;
    const fix = `an account is in exactly one: take it out of the others in ${checked.file.name}`;
    claims.problems.push(place.file.problem(place.path, message, { atKey: true, fix }));
  }
  if (checked !== undefined) claims.problems.push(...unzonedProblems(unzoned, accounts, linked, checked.file.name));
  return { accounts, problems: claims.problems };
}

/** One problem for each OU that no zone owns anything of, and one for each account beside accounts that have a zone. */
function unzonedProblems(
  unzoned: readonly UnzonedAccount[],
  accounts: ReadonlyMap<string, Account>,
  linked: LinkedOrganizations,
  zonesFile: string,
): Problem[] {
  const zonedOus = new Set<string>();
  for (const { zone, ouPath, organization } of accounts.values()) {
    if (zone === UNKNOWN_ZONE) continue;
    for (const above of ousAbove(ouPath)) zonedOus.add(`${organization.name}/${above}`);
  }
  const problems = new Map<string, Problem>();
  for (const { name, ouPath, organization } of unzoned) {
    const place = linked.accountPlaces.get(name);
    const whole = ousAbove(ouPath).findLast((above) => !zonedOus.has(`${organization.name}/${above}`));
    const key = whole === undefined ? name : `${organization.name}/${whole}`;
    if (place === undefined || problems.has(key)) continue;
    const path: MapPath = whole === undefined ? place.path : whole.split("/").flatMap((part) => ["ous", part]);
    const what = whole === undefined ? `account ${name}` : `OU ${whole}`;
    const message = whole === undefined ? "is in no zone" : "has accounts, and is in no zone";
    problems.set(key, place.file.problem(path, message, { atKey: true, fix: `add ${what} to a zone in ${zonesFile}` }));
  }
  return [...problems.values()];
}

/** The zones of the deepest claims on an account. */
function zonesOf(account: UnzonedAccount, claims: Claims): string[] {
  const named = claims.accounts.get(account.name);
  if (named !== undefined) return [...named];
  for (const ouPath of ousAbove(account.ouPath)) {
    const key = `${account.organization.name}/${ouPath}`;
    const zone = claims.ous.get(key) ?? claims.likelyOus.get(key);
    if (zone !== undefined) return [zone];
  }
  return [];
}

/** One zone while its claims are noted. */
interface Claimant {
  readonly name: string;
  readonly zone: ZoneFile;
  readonly linked: LinkedOrganizations;
  readonly allAccountsNamed: boolean;
  readonly claims: Claims;
  report(path: MapPath, message: string, fix: string, atKey?: boolean): void;
}

/** Notes what one zone owns. */
function claim(claimant: Claimant): void {
  const { zone, claims, linked, report } = claimant;
  if ((zone.ous ?? []).length + (zone.accounts ?? []).length === 0) {
    report([], "owns nothing", "name its OUs in ous, or single accounts in accounts", true);
    claims.doubtful.add(linked.organizations.has(zone.organization) ? zone.organization : undefined);
  }
  const organization = likelyOrganization(claimant);
  if (organization === undefined) {
    claims.doubtful.add(undefined);
    return;
  }
  const names = linked.names.get(organization) ?? namesInOrganization(undefined);
  claimOus(organization, names, claimant);
  claimAccounts(organization, names, claimant);
}

/** The zone's organization, or the one that was most likely meant. */
function likelyOrganization({ zone, linked, allAccountsNamed, report }: Claimant): string | undefined {
  if (linked.organizations.has(zone.organization)) return zone.organization;
  if (!allAccountsNamed) return undefined;
  const known = [...linked.organizations.keys()];
  const fix = suggestName(zone.organization, known, `organizations are ${listNames(known)}`);
  report(["organization"], "is not an organization of this map", fix);
  return nearestName(zone.organization, known);
}

function claimOus(organization: string, names: NamesInOrganization, claimant: Claimant): void {
  const { name, zone, claims, report } = claimant;
  const { ouPaths } = names;
  for (const [index, ouPath] of (zone.ous ?? []).entries()) {
    const key = `${organization}/${ouPath}`;
    const other = claims.ous.get(key);
    if (other !== undefined) {
      report(["ous", index], `already belongs to zone ${other}`, "an OU belongs to one zone: take it out of one");
    } else if (ouPaths.has(ouPath)) {
      claims.ous.set(key, name);
    } else if (!names.complete) {
      claims.doubtful.add(organization);
    } else {
      const fix = suggestName(ouPath, ouPaths, `OU paths are ${listNames(ouPaths)}`);
      report(["ous", index], `is not an OU of organization ${organization}`, fix);
      const likely = nearestName(ouPath, ouPaths);
      if (likely === undefined) claims.doubtful.add(organization);
      else claims.likelyOus.set(`${organization}/${likely}`, name);
    }
  }
}

function claimAccounts(organization: string, names: NamesInOrganization, claimant: Claimant): void {
  const { name, zone, claims, report } = claimant;
  const { accounts } = names;
  for (const [index, accountName] of (zone.accounts ?? []).entries()) {
    if (accounts.has(accountName)) {
      claims.accounts.set(accountName, [...(claims.accounts.get(accountName) ?? []), name]);
    } else if (names.complete) {
      const fix = suggestName(accountName, accounts, "add it to the organization's file");
      report(["accounts", index], `is not an account of organization ${organization}`, fix);
      const likely = nearestName(accountName, accounts);
      if (likely === undefined) claims.doubtful.add(organization);
      else if (!claims.accounts.has(likely)) claims.accounts.set(likely, [name]);
    }
  }
}
