import { nameOrder } from "../../aws/name-order";
import type { MapPath } from "../map-file";
import type { Account, DataClass } from "../organization-map";
import { listNames, suggestName } from "../problem";
import type { EnvironmentFile } from "../schema/workloads-schema";
import type { WorkloadEnvironment } from "../workload";
import { checkAwsKey } from "./check-aws-key";
import { checkBaselineKey } from "./check-baseline-key";
import { checkPlace } from "./check-kind";
import { UNKNOWN_ZONE } from "./known-accounts";
import { linkGrant } from "./link-grant";
import { linkRequests } from "./link-requests";
import { linkService } from "./link-service";
import { linkStatement } from "./link-statement";
import { linkUse } from "./link-use";
import { type EnvironmentContext, findAccount, type WorkloadContext } from "./workload-context";

/** Resolves one environment of a workload: its account, its Regions and who may do what with its keys. */
export function linkEnvironment(
  name: string,
  environment: EnvironmentFile,
  context: WorkloadContext,
): WorkloadEnvironment | undefined {
  const at: MapPath = ["environments", name];
  const account = findAccount(environment.account, [...at, "account"], context);
  if (account === undefined) return undefined;
  if (account.environment !== undefined && account.environment !== name) {
    const message = `is an account of environment ${account.environment} (OU ${account.ouPath}), and this is ${name}`;
    context.report([...at, "account"], message, `choose an account of environment ${name}`);
  }
  const region = environment.region ?? account.organization.homeRegion;
  checkRegions(environment, region, account, at, context);
  const { dataClass } = context;
  if (dataClass !== undefined) checkDataClass(environment, dataClass, account, at, context);

  const replicas = environment.replicas ?? [];
  const inside: EnvironmentContext = { ...context, account, keyRegions: [region, ...replicas] };
  const linkEach = <Entry, Linked>(
    field: string,
    entries: readonly Entry[] | undefined,
    link: (entry: Entry, path: MapPath, within: EnvironmentContext) => Linked | undefined,
  ): Linked[] =>
    (entries ?? [])
      .map((entry, index) => link(entry, [...at, field, index], inside))
      .filter((linked) => linked !== undefined);
  return {
    name,
    formerly: environment.formerly,
    account,
    region,
    replicas: [...replicas].sort(nameOrder),
    use: linkEach("use", environment.use, linkUse).flat(),
    services: linkEach("services", environment.services, linkService),
    grants: linkEach("grants", environment.grants, linkGrant),
    statements: linkEach("statements", environment.statements, linkStatement),
    requests: linkEach("requests", environment.requests, linkRequests),
    source: context.sourceAt(at),
  };
}

function checkRegions(
  environment: EnvironmentFile,
  region: string,
  account: Account,
  at: MapPath,
  context: WorkloadContext,
): void {
  if (environment.region === undefined) checkHomeRegion(account, at, context);
  else checkRegion([...at, "region"], region, account, context);
  for (const [index, replica] of (environment.replicas ?? []).entries()) {
    const path = [...at, "replicas", index];
    if (replica === region) {
      context.report(path, "is the Region of the key itself", "drop it: a replica is in another Region");
    } else {
      checkRegion(path, replica, account, context);
    }
  }
}

function checkRegion(at: MapPath, region: string, account: Account, context: WorkloadContext): void {
  const { organization } = account;
  const zone = account.zone === UNKNOWN_ZONE ? undefined : context.known.zones.get(account.zone);
  if (!organization.regions.includes(region)) {
    const fix = suggestName(region, organization.regions, `Regions are ${listNames(organization.regions)}`);
    context.report(at, `must be a Region of organization ${organization.name}`, fix);
  } else if (zone !== undefined && !zone.regions.includes(region)) {
    const fix = `choose one of ${listNames(zone.regions)}`;
    context.report(at, `must stay in the Regions of zone ${zone.name}`, fix);
  } else if (!account.regions.includes(region)) {
    const fix = `it has ${listNames(account.regions)}: enable the Region there first, or choose one of these`;
    context.report(at, `must be in a Region that account ${account.name} has enabled`, fix);
  }
}

/** An environment without a Region has its keys in the organization's home Region. */
function checkHomeRegion(account: Account, at: MapPath, context: WorkloadContext): void {
  const { name, homeRegion, regions } = account.organization;
  const zone = account.zone === UNKNOWN_ZONE ? undefined : context.known.zones.get(account.zone);
  const has = `has no region, and the home Region of organization ${name} (${homeRegion})`;
  // A home Region that the organization does not have is its own file's problem.
  if (!regions.includes(homeRegion)) return;
  if (zone !== undefined && !zone.regions.includes(homeRegion)) {
    const fix = `add region: one of ${listNames(zone.regions)}`;
    context.report(at, `${has} is outside zone ${zone.name}`, fix, true);
  } else if (!account.regions.includes(homeRegion)) {
    const fix = `add region: one of ${listNames(account.regions)}, or enable the home Region there first`;
    context.report(at, `${has} is not enabled in account ${account.name}`, fix, true);
  }
}

function checkDataClass(
  environment: EnvironmentFile,
  dataClass: DataClass,
  account: Account,
  at: MapPath,
  context: WorkloadContext,
): void {
  if (dataClass.key === "baseline") {
    checkBaselineKey(environment, dataClass, account, at, context);
    return;
  }
  if (dataClass.key !== "customer-managed") {
    checkAwsKey(environment, dataClass, account, at, context);
    return;
  }
  checkPlace(dataClass, account, at, context);
  if (!dataClass.multiRegion && (environment.replicas ?? []).length > 0) {
    const why = `cannot be set: keys of data class ${dataClass.name} are single-Region (multiRegion: false)`;
    const fix = "use another data class: a key cannot become multi-Region later";
    context.report([...at, "replicas"], why, fix, true);
  }
}
