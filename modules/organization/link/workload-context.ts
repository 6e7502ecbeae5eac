import type { MapPath } from "../map-file";
import type { Account, DataClass, Zone } from "../organization-map";
import { listNames, suggestName } from "../problem";
import type { WorkloadFile } from "../schema/workloads-schema";
import type { KnownAccounts } from "./known-accounts";
import type { PrincipalMention } from "./principal-status";

/** What every workload can refer to. What could not be read is said so, and nothing is said against its names. */
export interface KnownMap {
  readonly accounts: KnownAccounts;
  readonly zones: ReadonlyMap<string, Zone>;
  /** An undefined one has mistakes, and is known by name alone. */
  readonly dataClasses: ReadonlyMap<string, DataClass | undefined>;
  readonly allDataClassesKnown: boolean;
  /** Every principal that a workload names, for what has to hold over all of them. */
  readonly mentions: PrincipalMention[];
}

/** One workload while it is linked. */
export interface WorkloadContext {
  readonly known: KnownMap;
  readonly entry: WorkloadFile;
  /** Undefined when it is unknown or has mistakes. */
  readonly dataClass: DataClass | undefined;
  /** A problem at a path below the workload. */
  report(path: MapPath, message: string, fix: string, atKey?: boolean): void;
  /** Notes that a principal stands at a path below the workload. */
  mention(path: MapPath, principal: PrincipalMention["principal"]): void;
  /** A path below the workload as `WorkloadEnvironment.source` writes it. */
  sourceAt(path: MapPath): string;
}

/** One environment of a workload while its uses, services, grants and statements are linked. */
export interface EnvironmentContext extends WorkloadContext {
  readonly account: Account;
  /** Of the key and of its replicas. */
  readonly keyRegions: readonly string[];
}

/**
 * An account by name; one that there is not is reported, unless it may stand in a file with mistakes.
 *
 * @returns the account that was most likely meant, to go on with; undefined when nobody can say
 */
export function findAccount(name: string, at: MapPath, context: WorkloadContext): Account | undefined {
  const { accounts } = context.known;
  const account = accounts.byName.get(name);
  if (account !== undefined || accounts.mayHave(name)) return account;
  context.report(at, "is not an account of this map", accounts.suggest(name));
  return accounts.likely(name);
}

/** Says which of a workload's keys an entry is about: one of its services, or undefined for the general key. */
export function checkPerService(service: string | undefined, at: MapPath, context: WorkloadContext): void {
  const known = context.entry.perService ?? [];
  if (service !== undefined && !known.includes(service)) {
    const fix =
      known.length === 0
        ? "leave it out: this workload has no perService"
        : suggestName(service, known, "add it to perService");
    context.report([...at, "service"], `must be one of the workload's perService (${listNames(known)})`, fix);
  }
  const { dataClass } = context;
  if (
    service === undefined &&
    dataClass?.key === "customer-managed" &&
    dataClass.per === "service" &&
    known.length > 0
  ) {
    const fix = `add service: one of ${listNames(known)}`;
    context.report(at, "does not say which of the workload's keys it is about", fix);
  }
}
