import type { MapFile, MapPath } from "../map-file";
import type { Account, Organization } from "../organization-map";
import { listNames, type Problem, suggestName } from "../problem";
import type { ZoneFile } from "../schema/zones-schema";
import { checkKeyStores, type TakenByKeyStores } from "./check-key-stores";
import { UNKNOWN_ZONE } from "./known-accounts";
import type { LinkedOrganizations } from "./link-organizations";

/** What belongs to one zone alone, by what the zones before have taken. */
export interface TakenByZones {
  readonly keyManagementAccounts: Map<string, string>;
  readonly buckets: Map<string, string>;
  readonly keyStores: TakenByKeyStores;
}

/** What a zone is held against. */
export interface ZoneSurroundings {
  /** Undefined when it could not be linked, which its own file says. */
  readonly organization: Organization | undefined;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly organizations: LinkedOrganizations;
  readonly allAccountsNamed: boolean;
  /** Undefined when the data classes could not be read. */
  readonly dataClassNames: ReadonlySet<string> | undefined;
  /** Undefined when there may be others. */
  readonly environmentNames: ReadonlySet<string> | undefined;
  readonly taken: TakenByZones;
}

/** Notes a problem at a path below the zone. */
export type ZoneReport = (path: MapPath, message: string, fix: string, atKey?: boolean) => void;

/** What has to hold for one zone: its key management account, topology, roles, Regions and state. */
export function checkZone(file: MapFile, name: string, entry: ZoneFile, around: ZoneSurroundings): Problem[] {
  const problems: Problem[] = [];
  const report: ZoneReport = (path, message, fix, atKey = false) => {
    problems.push(file.problem([name, ...path], message, { fix, atKey }));
  };
  checkKeyManagementAccount(name, entry, around, report);
  checkTopology(entry, report);
  checkCentralize(entry, around, report);
  if (around.organization !== undefined) {
    checkRoles(entry, around.organization.roles, report);
    checkRegions(entry, around.organization, report);
    checkStatePartition(entry, around.organization, report);
  }
  checkBucket(name, entry, around.taken, report);
  checkKeyStores(name, entry, around, report);
  return problems;
}

function checkKeyManagementAccount(name: string, entry: ZoneFile, around: ZoneSurroundings, report: ZoneReport): void {
  const accountName = entry.keyManagementAccount;
  if (accountName === undefined) return;
  const at = ["keyManagementAccount"];
  const account = around.accounts.get(accountName);
  const { keyManagementAccounts } = around.taken;
  const other = keyManagementAccounts.get(accountName);
  if (other === undefined) keyManagementAccounts.set(accountName, name);
  if (account === undefined) {
    const isDoubtful = [...around.organizations.names.values()].some((names) => names.accounts.has(accountName));
    if (isDoubtful || !around.allAccountsNamed) return;
    const fix = suggestName(accountName, around.accounts.keys(), "add it to the organization's file");
    report(at, "is not an account of this map", fix);
  } else if (other !== undefined) {
    const fix = "zones are independent key domains: give each an account of its own";
    report(at, `already manages the keys of zone ${other}`, fix);
  } else if (account.zone !== name && account.zone !== UNKNOWN_ZONE) {
    const fix = `name an account of zone ${name}, or move this one into it`;
    report(at, `is in zone ${account.zone}, not in zone ${name}`, fix);
  } else if (account.status === "suspended" && entry.topology !== "decentralized") {
    report(at, "is suspended, and so can own no new keys", "name an active account");
  }
}

function checkTopology(entry: ZoneFile, report: ZoneReport): void {
  const { topology } = entry;
  if (topology !== "decentralized" && entry.keyManagementAccount === undefined) {
    const fix = "add it: the account that owns the zone's central keys";
    report(["topology"], "needs keyManagementAccount", fix);
  }
  if (topology === "hybrid" && entry.centralize === undefined) {
    const fix = "say which keys are central, as in [{environments: [prod]}, {dataClasses: [regulated]}]";
    report(["topology"], "needs centralize", fix);
  }
  if (topology !== "hybrid" && entry.centralize !== undefined) {
    const fix = "leave it out, or make the topology hybrid";
    report(["centralize"], `means nothing with topology ${topology}`, fix, true);
  }
}

/** A name that is none would make keys local without a word. */
function checkCentralize(entry: ZoneFile, around: ZoneSurroundings, report: ZoneReport): void {
  const known = {
    environments: ["an environment of any OU or workload", "environments are", around.environmentNames],
    dataClasses: ["a data class", "data classes are", around.dataClassNames],
  } as const;
  for (const [index, rule] of (entry.centralize ?? []).entries()) {
    for (const field of ["environments", "dataClasses"] as const) {
      const [what, names, all] = known[field];
      for (const [position, name] of (rule[field] ?? []).entries()) {
        if (all === undefined || all.has(name)) continue;
        const fix = suggestName(name, all, `${names} ${listNames(all)}`);
        report(["centralize", index, field, position], `is not ${what}`, fix);
      }
    }
  }
}

/** One role in two duties is no separation of duties. */
function checkRoles(entry: ZoneFile, roles: Organization["roles"], report: ZoneReport): void {
  if (entry.administrators.includes(entry.breakGlass)) {
    const fix = "name another role: who manages keys every day must not be able to destroy them";
    report(["breakGlass"], "is also an administrator", fix);
  }
  for (const [duty, role] of [
    ["deploy", `role/${roles.deploy}`],
    ["audit", `role/${roles.audit}`],
  ] as const) {
    const message = `is also the organization's ${duty} role`;
    const fix = "name another role: one role in two duties is no separation of duties";
    if (entry.breakGlass === role) report(["breakGlass"], message, fix);
    const index = entry.administrators.indexOf(role);
    if (index >= 0) report(["administrators", index], message, fix);
  }
}

function checkRegions(entry: ZoneFile, organization: Organization, report: ZoneReport): void {
  const { s3 } = entry.state ?? {};
  for (const [at, region] of [
    ...entry.regions.map((each, index) => [["regions", index], each] as const),
    ...(s3 === undefined ? [] : [[["state", "s3", "region"], s3.region] as const]),
  ]) {
    if (organization.regions.includes(region)) continue;
    const message = `must be a Region of organization ${organization.name} (${listNames(organization.regions)})`;
    report(at, message, suggestName(region, organization.regions, "add it there or choose one of these"));
  }
}

/** Credentials of one partition mean nothing in another. */
function checkStatePartition(entry: ZoneFile, organization: Organization, report: ZoneReport): void {
  for (const field of ["kmsKeyId", "role"] as const) {
    const [scheme, partition] = entry.state?.s3[field]?.split(":") ?? [];
    if (scheme !== "arn" || partition === organization.partition) continue;
    const message = `is in partition ${partition}, and organization ${organization.name} is in ${organization.partition}`;
    report(["state", "s3", field], message, "name one of the organization's own partition");
  }
}

function checkBucket(name: string, entry: ZoneFile, taken: TakenByZones, report: ZoneReport): void {
  const bucket = entry.state?.s3.bucket;
  if (bucket === undefined) return;
  const other = taken.buckets.get(bucket);
  if (other === undefined) taken.buckets.set(bucket, name);
  else {
    const fix = "state tells about keys and policies: give each zone a bucket of its own";
    report(["state", "s3", "bucket"], `is already the state bucket of zone ${other}`, fix);
  }
}
