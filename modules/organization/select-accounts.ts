import type { Account, OrganizationMap } from "./organization-map";
import { listNames, suggestName } from "./problem";

/** What the command line selects by: everything given has to match, and of several values of one kind any. */
export interface Selection {
  /** `Workloads/Prod` or `commercial/Workloads/Prod`, each with everything below. */
  readonly ous: readonly string[];
  readonly zones: readonly string[];
  readonly accounts: readonly string[];
}

/** Every name that a selection may have: OUs with and without their organization, accounts by name and id. */
export function selectableNames(map: OrganizationMap): Selection {
  return {
    zones: map.zones.map((zone) => zone.name),
    accounts: map.accounts.flatMap((account) => [account.name, account.id]),
    ous: map.organizations.flatMap(({ name, organizationalUnits }) =>
      organizationalUnits.flatMap(({ path }) => [path, `${name}/${path}`]),
    ),
  };
}

/**
 * The accounts of a selection; all of them for an empty one.
 *
 * @returns the accounts, or what is wrong with a name: one that selects nothing is a mistake, not an empty result
 */
export function selectAccounts(
  map: OrganizationMap,
  selection: Selection,
): { accounts: readonly Account[] } | { problems: string[] } {
  const problems: string[] = [];
  const known = selectableNames(map);
  for (const [kind, option] of [
    ["ous", "--ou"],
    ["zones", "--zone"],
    ["accounts", "--account"],
  ] as const) {
    for (const name of selection[kind]) {
      if (known[kind].includes(name)) continue;
      const names = kind === "accounts" ? map.accounts.map((account) => account.name) : known[kind];
      problems.push(
        `${option} ${name}: not in this map; ${suggestName(name, known[kind], `there are ${listNames(names)}`)}`,
      );
    }
  }
  if (problems.length > 0) return { problems };
  const isBelow = (account: Account, ou: string): boolean =>
    [account.ouPath, `${account.organization.name}/${account.ouPath}`].some(
      (path) => path === ou || path.startsWith(`${ou}/`),
    );
  const any = (names: readonly string[], matches: (name: string) => boolean): boolean =>
    names.length === 0 || names.some(matches);
  return {
    accounts: map.accounts.filter(
      (account) =>
        any(selection.ous, (ou) => isBelow(account, ou)) &&
        any(selection.zones, (zone) => account.zone === zone) &&
        any(selection.accounts, (name) => account.name === name || account.id === name),
    ),
  };
}
