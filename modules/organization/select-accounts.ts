import { isInOu, type Selection, selectionProblems } from "../findings/selection";
import type { Account, OrganizationMap } from "./organization-map";

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
 * @returns the accounts, or what is wrong with a name
 */
export function selectAccounts(
  map: OrganizationMap,
  selection: Selection,
): { accounts: readonly Account[] } | { problems: string[] } {
  const problems = selectionProblems(selection, selectableNames(map), "not in this map");
  if (problems.length > 0) return { problems };
  const any = (names: readonly string[], matches: (name: string) => boolean): boolean =>
    names.length === 0 || names.some(matches);
  return {
    accounts: map.accounts.filter(
      (account) =>
        any(selection.ous, (ou) => isInOu(account.organization.name, account.ouPath, ou)) &&
        any(selection.zones, (zone) => account.zone === zone) &&
        any(selection.accounts, (name) => account.name === name || account.id === name),
    ),
  };
}
