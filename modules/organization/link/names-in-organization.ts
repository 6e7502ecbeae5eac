/** The names that an organization's file has, right or wrong: what is known by name is never called unknown elsewhere. */
export interface NamesInOrganization {
  readonly accounts: ReadonlySet<string>;
  /** `Workloads/Prod`. */
  readonly ouPaths: ReadonlySet<string>;
  /** False when something that should hold OUs or accounts is no mapping, so that there may be others. */
  readonly complete: boolean;
}

/** Collects names from the value of a file that need not meet its schema. */
export function namesInOrganization(value: unknown): NamesInOrganization {
  const accounts = new Set<string>();
  const ouPaths = new Set<string>();
  let complete = isMapping(value) && Object.hasOwn(value, "ous");
  const namesOf = (entry: unknown, field: string): [string, unknown][] => {
    const names: unknown = isMapping(entry) && Object.hasOwn(entry, field) ? Reflect.get(entry, field) : {};
    if (isMapping(names)) return Object.entries(names);
    complete = false;
    return [];
  };
  const collect = (entry: unknown, above: string): void => {
    if (!isMapping(entry)) complete = false;
    for (const [name] of namesOf(entry, "accounts")) accounts.add(name);
    for (const [name, ou] of namesOf(entry, "ous")) {
      const ouPath = above === "" ? name : `${above}/${name}`;
      ouPaths.add(ouPath);
      collect(ou, ouPath);
    }
  };
  collect(value, "");
  return { accounts, ouPaths, complete };
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
