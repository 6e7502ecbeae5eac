import type { Account, Organization } from "../organization-map";
import { nearestName, suggestName } from "../problem";
import { UNKNOWN_ACCOUNT_ID } from "../schema/fields";

/** The zone of an account whose zone is in doubt; no problem that depends on it is reported. */
export const UNKNOWN_ZONE = "";
/** Comparisons of two names, each less than a microsecond. */
const MOST_COMPARISONS = 5_000_000;

/** Accounts by everything that the map names them by. A map has up to 10,000, so that nothing may search them. */
export class KnownAccounts {
  readonly byName: ReadonlyMap<string, Account>;
  readonly #byId: ReadonlyMap<string, Account>;
  readonly #doubtful: ReadonlySet<string>;
  readonly #complete: boolean;
  #comparisons = 0;
  #byOu: Map<string, Account[]> | undefined;

  /**
   * @param doubtful names of accounts with mistakes: they exist, and nothing else can be said
   * @param complete false when a file with accounts could not be read, so that any name may be in it
   */
  constructor(accounts: ReadonlyMap<string, Account>, doubtful: ReadonlySet<string>, complete: boolean) {
    this.byName = accounts;
    this.#byId = new Map([...accounts.values()].map((account) => [account.id, account]));
    this.#doubtful = doubtful;
    this.#complete = complete;
  }

  byId(id: string): Account | undefined {
    return this.#byId.get(id);
  }

  /** Whether a name that is not in `byName` may be an account all the same, so that nothing can be said against it. */
  mayHave(name: string): boolean {
    return !this.#complete || this.#doubtful.has(name);
  }

  /** The account that a name which is none of them most likely means. */
  likely(name: string): Account | undefined {
    const nearest = this.#nearest(name);
    return nearest === undefined ? undefined : this.byName.get(nearest);
  }

  /** How to fix a name that is none of these accounts. */
  suggest(name: string): string {
    const otherwise = "add it to the organization's file";
    if (this.#comparisons >= MOST_COMPARISONS) return otherwise;
    this.#comparisons += this.byName.size;
    return suggestName(name, this.byName.keys(), otherwise);
  }

  /** A map in which every account is called otherwise gets its answer in time, if without all the guesses. */
  #nearest(name: string): string | undefined {
    if (this.#comparisons >= MOST_COMPARISONS) return undefined;
    this.#comparisons += this.byName.size;
    return nearestName(name, this.byName.keys());
  }

  /** Whether an id or an OU that is not here may be all the same. */
  mayHaveMore(): boolean {
    return !this.#complete || this.#doubtful.size > 0 || this.#byId.has(UNKNOWN_ACCOUNT_ID);
  }

  /** The accounts of an OU and of every OU below it. */
  below(organization: Organization, ouPath: string): readonly Account[] {
    this.#byOu ??= this.#groupByOu();
    return this.#byOu.get(`${organization.name}/${ouPath}`) ?? [];
  }

  #groupByOu(): Map<string, Account[]> {
    const grouped = new Map<string, Account[]>();
    for (const account of this.byName.values()) {
      for (const ouPath of ousAbove(account.ouPath)) {
        const key = `${account.organization.name}/${ouPath}`;
        const own = grouped.get(key);
        if (own === undefined) grouped.set(key, [account]);
        else own.push(account);
      }
    }
    return grouped;
  }
}

/** `Workloads/Prod` gives itself and `Workloads`, deepest first; the root is no OU. */
export function ousAbove(ouPath: string): string[] {
  if (ouPath === "") return [];
  const parts = ouPath.split("/");
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
}
