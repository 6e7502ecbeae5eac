import { uniqueNames } from "../aws/name-order";
import { defaultAliasPattern, fillAliasPattern } from "../organization/alias-pattern";
import type {
  Account,
  CustomerManagedDataClass,
  Workload,
  WorkloadEnvironment,
  Zone,
} from "../organization/organization-map";
import type { KeyScope } from "../organization/schema/data-classes-schema";

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
  /** With `alias/`, none twice. */
  readonly aliases: readonly string[];
  readonly members: readonly KeyMember[];
}

/**
 * Cuts keys: one for each scope that the data class names, in the account that the zone's topology names, in the Region
 * where the data is.
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
        const id = keyId(workload, environment.name, dataClass, service);
        const identity = [owner.id, environment.region, id].join(" ");
        const before = candidates.get(identity);
        if (before !== undefined) {
          before.members.push({ workload, environment });
          continue;
        }
        const aliases = aliasesOf(workload, environment.name, dataClass, service, zone.name);
        candidates.set(identity, {
          id,
          zone,
          owner,
          central,
          dataClass,
          service,
          region: environment.region,
          alias: aliases[0],
          aliases,
          members: [{ workload, environment }],
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
 * `ledger` for all environments, `ledger__s3` for one service in all of them, `shared_confidential_dev`.
 */
function keyId(
  workload: Workload,
  environment: string,
  dataClass: CustomerManagedDataClass,
  service: string | undefined,
): string {
  const tail = service === undefined ? "" : `_${service}`;
  switch (dataClass.per) {
    case "environment":
      return `shared_${dataClass.name}_${environment}`;
    case "workload":
      return service === undefined ? workload.name : `${workload.name}_${tail}`;
    case "workload-environment":
    case "service":
      return `${workload.name}_${environment}${tail}`;
  }
}

/** The key's own alias and those beside it, all of them made alike from their patterns. */
function aliasesOf(
  workload: Workload,
  environment: string,
  dataClass: CustomerManagedDataClass,
  service: string | undefined,
  zone: string,
): readonly [string, ...string[]] {
  const fill = (pattern: string): string => aliasOf(pattern, workload, environment, dataClass, service, zone);
  const alias = fill(workload.alias ?? dataClass.alias ?? defaultAliasPattern[dataClass.per]);
  const further = uniqueNames([...dataClass.aliases, ...workload.aliases].map(fill));
  return [alias, ...further.filter((each) => each !== alias)];
}

function aliasOf(
  pattern: string,
  workload: Workload,
  environment: string,
  dataClass: CustomerManagedDataClass,
  service: string | undefined,
  zone: string,
): string {
  const whole =
    service === undefined
      ? withoutService(pattern, dataClass.per)
      : pattern.includes("{service}")
        ? pattern
        : `${pattern}-{service}`;
  return fillAliasPattern(whole, {
    workload: workload.name,
    environment,
    dataClass: dataClass.name,
    zone,
    service,
  });
}

/** The general key beside keys per service: its alias is the pattern without the service, or else the default one. */
function withoutService(pattern: string, scope: KeyScope): string {
  const rest = pattern.replaceAll(/[-_/:]?\{service\}/g, "").replace(/^[-_/:]+/, "");
  return rest === "" ? defaultAliasPattern[scope] : rest;
}
