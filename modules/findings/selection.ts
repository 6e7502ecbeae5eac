import { listNames, suggestName } from "./suggest-name";

/** What the command line selects by: everything given has to match, and of several values of one kind any. */
export interface Selection {
  /** `Workloads/Prod` or `commercial/Workloads/Prod`, each with everything below. */
  readonly ous: readonly string[];
  readonly zones: readonly string[];
  /** By name or id. */
  readonly accounts: readonly string[];
}

/**
 * @param known every name that a selection may have: OUs with and without their organization, accounts by name and id
 * @param unknown what is said of any other, as in `not in this map`
 * @param hint what to do instead, where that can be told from the name
 * @returns what is wrong with each name: one that selects nothing is a mistake, not an empty result
 */
export function selectionProblems(
  selection: Selection,
  known: Selection,
  unknown: string,
  hint: (name: string) => string | undefined = () => undefined,
): string[] {
  const kinds = [
    ["ous", "--ou"],
    ["zones", "--zone"],
    ["accounts", "--account"],
  ] as const;
  return kinds.flatMap(([kind, option]) => {
    const names = known[kind];
    const wrong = selection[kind].filter((name) => !names.includes(name));
    // An account's id helps nobody to find the one that was meant.
    const listed = names.filter((name) => !/^\d{12}$/.test(name));
    return wrong.map(
      (name) =>
        `${option} ${name}: ${unknown}; ${hint(name) ?? suggestName(name, names, `there are ${listNames(listed)}`)}`,
    );
  });
}

/** Whether what is in an OU of an organization is in the OU that is selected, or below it. */
export function isInOu(organization: string, ouPath: string, selected: string): boolean {
  return [ouPath, `${organization}/${ouPath}`].some((path) => path === selected || path.startsWith(`${selected}/`));
}
