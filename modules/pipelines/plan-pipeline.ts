import { nameOrder, uniqueNames } from "../aws/name-order";
import type { Account, OrganizationMap, Zone } from "../organization/organization-map";
import { applyStages } from "./apply-stages";
import { chooseRole, unknownRoles } from "./choose-role";
import type { PipelinePlan, PipelineState, ZonePipeline } from "./pipeline-plan";
import type { PipelineStack } from "./pipeline-stack";
import { stackGlobs } from "./stack-globs";

/**
 * What each zone's pipeline does, with which role.
 *
 * @param chosen ARNs of roles, for zones whose `pipelines` have several
 * @returns every problem at once
 */
export function planPipeline(
  map: Pick<OrganizationMap, "accounts" | "zones">,
  stacks: readonly PipelineStack[],
  chosen: readonly string[] = [],
): { plan: PipelinePlan } | { problems: string[] } {
  const accounts = new Map(map.accounts.map((account) => [account.name, account]));
  const problems = unknownRoles(chosen, map.zones);
  const zones = map.zones.flatMap((zone): ZonePipeline[] => {
    const own = stacks.filter(({ account }) => accounts.get(account)?.zone === zone.name);
    const about = stacks.filter((stack) => stack.zone === zone.name);
    if (own.length === 0 && about.length === 0) return [];
    if (zone.state.kind === "local") problems.push(localState(zone));
    if (own.length === 0) return [];
    const [deploy, audit] = (["deploy", "audit"] as const).map((duty) => chooseRole(zone, duty, chosen));
    const wrong = [deploy, audit].flatMap((role) => (role !== undefined && "problem" in role ? [role.problem] : []));
    problems.push(...uniqueNames(wrong));
    if (deploy === undefined || audit === undefined || "problem" in deploy || "problem" in audit) return [];
    return [
      {
        zone,
        partition: zone.organization.partition,
        region: zone.organization.homeRegion,
        deploy,
        audit,
        globs: globsOf(own, stacks),
        accounts: activeAccounts(zone, accounts),
        states: statesOf(own, map.zones),
      },
    ];
  });
  if (problems.length > 0) return { problems };
  return { plan: { zones, stages: applyStages(stacks, accounts), kept: keptStacks(stacks, accounts) } };
}

function keptStacks(
  stacks: readonly PipelineStack[],
  accounts: ReadonlyMap<string, Account>,
): Readonly<Record<string, string>> {
  const kept = stacks.flatMap(({ name, zone, account }) => {
    const pipeline = accounts.get(account)?.zone;
    return pipeline === undefined || pipeline === zone ? [] : [[name, pipeline] as const];
  });
  return Object.fromEntries(kept.sort(([a], [b]) => nameOrder(a, b)));
}

/** A runner's disk ends with its job, and the next run would make every key a second time. */
function localState({ name, keyManagementAccount, organization }: Zone): string {
  const bucket = `${keyManagementAccount?.name ?? name}-orgkeys-state`;
  return `zones.yaml ${name}.state: is local, and would be lost with the machine that a job runs on; write state: {s3: {bucket: ${bucket}, region: ${organization.homeRegion}}}`;
}

function globsOf(own: readonly PipelineStack[], all: readonly PipelineStack[]): string[] {
  return stackGlobs(
    own.map(({ name }) => name),
    all.map(({ name }) => name),
  );
}

function activeAccounts({ name }: Zone, accounts: ReadonlyMap<string, Account>): Account[] {
  return [...accounts.values()]
    .filter(({ zone, status }) => zone === name && status === "active")
    .sort((a, b) => nameOrder(a.name, b.name));
}

function statesOf(own: readonly PipelineStack[], zones: readonly Zone[]): PipelineState[] {
  return zones.flatMap((zone) => {
    const here = own.filter((stack) => stack.zone === zone.name);
    if (here.length === 0) return [];
    const files = here.filter(({ kind }) => kind !== "account").map(({ state }) => state);
    return [{ zone, files: uniqueNames(files), accounts: here.some(({ kind }) => kind === "account") }];
  });
}
