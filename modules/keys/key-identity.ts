import { uniqueNames } from "../aws/name-order";
import { defaultAliasPattern, fillAliasPattern } from "../organization/alias-pattern";
import type { KeyLifecycle } from "../organization/key-lifecycle";
import type { Account, CustomerManagedDataClass, Zone } from "../organization/organization-map";
import type { KeyScope } from "../organization/schema/data-classes-schema";
import type { Workload, WorkloadEnvironment } from "../organization/workload";
import { type KeyLife, lifeOf } from "./key-life";

/** One workload environment's share in a key. */
export interface KeyMember {
  readonly workload: Workload;
  readonly environment: WorkloadEnvironment;
}

/** A key to be planned: what it is for, who owns it, and which workload environments use it. */
export interface KeyCandidate {
  readonly id: string;
  readonly zone: Zone;
  readonly owner: Account;
  readonly central: boolean;
  readonly dataClass: CustomerManagedDataClass;
  readonly service: string | undefined;
  readonly region: string;
  /** The first of `aliases`. */
  readonly alias: string;
  /** `alias` and those beside it with the names that the key was made with: AWS has them also before a new name is applied. */
  readonly lastingAliases: readonly [string, ...string[]];
  /** With `alias/`, none twice. */
  readonly aliases: readonly string[];
  /** With `alias/`: what the map says may go. */
  readonly droppedAliases: readonly string[];
  readonly members: readonly KeyMember[];
  /** What the map records of this very key. */
  readonly life: KeyLife;
  /** What the map records of the key that this one replaces. */
  readonly replaces: KeyLifecycle | undefined;
}

/** One for all, because nearly every key of a large map has no record. */
const unrecorded = lifeOf([], "", "", "");

/**
 * Cuts keys: one for each scope that the data class names, in the account that the zone's topology names, in the Region
 * where the data is. What the map records of single keys is not in them: see keysInMap.
 */
export function cutKeys(workloads: readonly Workload[], zones: ReadonlyMap<string, Zone>): KeyCandidate[] {
  const candidates = new Map<string, KeyCandidate & { members: KeyMember[] }>();
  for (const workload of workloads) {
    const { dataClass } = workload;
    if (dataClass.key !== "customer-managed") continue;
    for (const environment of workload.environments) {
      const zone = zones.get(environment.account.zone);
      if (zone === undefined) continue;
      const general = dataClass.per === "service" ? [] : [undefined];
      for (const service of [...general, ...workload.perService]) {
        const central = isCentral(zone, environment.name, dataClass.name);
        const owner =
          central && zone.keyManagementAccount !== undefined ? zone.keyManagementAccount : environment.account;
        const id = keyId(workload, environment, dataClass, service);
        const identity = [owner.id, environment.region, id].join(" ");
        const before = candidates.get(identity);
        if (before !== undefined) {
          before.members.push({ workload, environment });
          continue;
        }
        const { lasting, aliases } = aliasesOf(workload, environment, dataClass, service, zone.name);
        candidates.set(identity, {
          id,
          zone,
          owner,
          central,
          dataClass,
          service,
          region: environment.region,
          alias: aliases[0],
          lastingAliases: lasting,
          aliases,
          droppedAliases: droppedAliases(workload, dataClass),
          members: [{ workload, environment }],
          life: unrecorded,
          replaces: undefined,
        });
      }
    }
  }
  return [...candidates.values()];
}

/** Where its members ask for replicas. */
export function replicaRegionsOf({ members, region }: KeyCandidate): string[] {
  return uniqueNames(members.flatMap(({ environment }) => environment.replicas)).filter((each) => each !== region);
}

function isCentral(zone: Zone, environment: string, dataClass: string): boolean {
  if (zone.topology !== "hybrid") return zone.topology === "centralized";
  return zone.centralize.some(
    (rule) => (rule.environments?.includes(environment) ?? true) && (rule.dataClasses?.includes(dataClass) ?? true),
  );
}

/**
 * Parts are joined by `_`, which names cannot have, so that no two keys get one id: `payments_prod`, `payments_prod_s3`,
 * `ledger` for all environments, `ledger__s3` for one service in all of them, `shared_confidential_dev`. A rename keeps the name that
 * the key was made with.
 */
function keyId(
  workload: Workload,
  environment: WorkloadEnvironment,
  dataClass: CustomerManagedDataClass,
  service: string | undefined,
): string {
  const tail = service === undefined ? "" : `_${service}`;
  switch (dataClass.per) {
    case "environment":
      return `shared_${lastingName(dataClass)}_${lastingName(environment)}`;
    case "workload":
      return service === undefined ? lastingName(workload) : `${lastingName(workload)}_${tail}`;
    case "workload-environment":
    case "service":
      return `${lastingName(workload)}_${lastingName(environment)}${tail}`;
  }
}

/** Something of the map that can be renamed. */
interface Renamed {
  readonly name: string;
  readonly formerly: string | undefined;
}

/** The name that identities are made of. */
export function lastingName({ name, formerly }: Renamed): string {
  return formerly ?? name;
}

function namesOf({ name, formerly }: Renamed): string[] {
  return formerly === undefined ? [name] : [name, formerly];
}

/**
 * The key's own alias and those beside it, all of them made alike from their patterns. Those made of former names stay until
 * the map drops them: applications resolve them.
 */
function aliasesOf(
  workload: Workload,
  environment: WorkloadEnvironment,
  dataClass: CustomerManagedDataClass,
  service: string | undefined,
  zone: string,
): { readonly lasting: readonly [string, ...string[]]; readonly aliases: readonly [string, ...string[]] } {
  const own = workload.alias ?? dataClass.alias ?? defaultAliasPattern[dataClass.per];
  const patterns = [own, ...dataClass.aliases, ...workload.aliases].map((pattern) =>
    withService(pattern, dataClass.per, service),
  );
  const fill = (pattern: string, names: { workload: string; environment: string; dataClass: string }): string =>
    fillAliasPattern(pattern, { ...names, zone, service });
  const today = { workload: workload.name, environment: environment.name, dataClass: dataClass.name };
  const alias = fill(patterns[0] ?? own, today);
  const current = patterns.map((pattern) => fill(pattern, today));
  const dropped = droppedAliases(workload, dataClass);
  // A workload and its environment may have been renamed one after the other: each mixture may be in use.
  const former = namesOf(workload).flatMap((workloadName) =>
    namesOf(environment).flatMap((environmentName) =>
      namesOf(dataClass).flatMap((dataClassName) =>
        patterns.map((pattern) =>
          fill(pattern, { workload: workloadName, environment: environmentName, dataClass: dataClassName }),
        ),
      ),
    ),
  );
  const further = uniqueNames([...current, ...former.filter((each) => !dropped.includes(each))]);
  const origin = {
    workload: lastingName(workload),
    environment: lastingName(environment),
    dataClass: lastingName(dataClass),
  };
  const lasting = fill(patterns[0] ?? own, origin);
  const lastingOthers = uniqueNames(patterns.map((pattern) => fill(pattern, origin)));
  return {
    lasting: [lasting, ...lastingOthers.filter((each) => each !== lasting)],
    aliases: [alias, ...further.filter((each) => each !== alias)],
  };
}

/** A pattern for the key of one service, or for the general key. */
function withService(pattern: string, scope: KeyScope, service: string | undefined): string {
  if (service === undefined) return withoutService(pattern, scope);
  return pattern.includes("{service}") ? pattern : `${pattern}-{service}`;
}

/** With `alias/`. */
function droppedAliases(workload: Workload, dataClass: CustomerManagedDataClass): string[] {
  const dropped = dataClass.per === "environment" ? dataClass.dropAliases : workload.dropAliases;
  return dropped.map((alias) => `alias/${alias}`);
}

/** The general key beside keys per service: its alias is the pattern without the service, or else the default one. */
function withoutService(pattern: string, scope: KeyScope): string {
  const rest = pattern.replaceAll(/[-_/:]?\{service\}/g, "").replace(/^[-_/:]+/, "");
  return rest === "" ? defaultAliasPattern[scope] : rest;
}
