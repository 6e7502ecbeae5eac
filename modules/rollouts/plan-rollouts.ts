import { nameOrder } from "../aws/name-order";
import { type Finding, sortFindings } from "../findings/finding";
import type { AccountPlan } from "../keys/account-plan";
import type { PlanProblem } from "../keys/plan-problem";
import type { OrganizationMap, Zone } from "../organization/organization-map";
import { listNames } from "../organization/problem";
import { builtInTemplates, type Rollout } from "../organization/rollout";
import { sessionTagsOf } from "../organization/session-tags";
import { madeTwice } from "./made-twice";
import { managersAsUsers } from "./managers-as-users";
import { type PlannedRollout, planRollout, type RolloutContext } from "./plan-rollout";
import { type RenderRollout, renderRollout } from "./render-rollout";
import { stackDenied, withoutDeployRole, zoneAbove } from "./rollout-findings";
import { rolloutLimits } from "./rollout-limits";
import type { DirectRolloutPlan, RolloutPlan, RolloutPlans } from "./rollout-plan";
import { takenNames } from "./taken-names";
import { unreachedWorkloads } from "./unreached-workloads";
import { accountsOfZones, isActive, isManagementAccount } from "./zone-accounts";

/** The texts of the built-in templates, by their file names without `.yaml.hbs`. */
export type TemplateTexts = ReadonlyMap<string, string>;

/**
 * The StackSets of every zone: pure, and the same for the same map whatever the order of its files.
 *
 * @param accounts the account stacks, whose names are taken
 * @param templates read only where the map has rollouts
 * @param render @default from these texts and the map's own
 * @returns plans and what there is to tell about them, or every problem
 */
export function planRollouts(
  map: OrganizationMap,
  accounts: readonly AccountPlan[],
  templates: () => TemplateTexts,
  render: RenderRollout = renderRollout,
): { plans: RolloutPlans; findings: Finding[] } | { problems: PlanProblem[] } {
  const context: RolloutContext = {
    map,
    accountsOf: accountsOfZones(map),
    administrators: new Set(map.rollouts.map(({ administrator }) => administrator.name)),
    render: (rollout, zone) => render(rollout, zone, map, templates),
  };
  const zones = new Map(map.zones.map((zone) => [zone.name, zone]));
  const problems: PlanProblem[] = unreachedWorkloads(map);
  const planned: PlannedRollout[] = [];
  for (const rollout of [...map.rollouts].sort((a, b) => nameOrder(a.name, b.name))) {
    const zone = zones.get(rollout.zone);
    if (zone === undefined) continue;
    const result = planRollout(rollout, zone, context);
    if ("problems" in result) problems.push(...result.problems);
    else planned.push(result);
  }
  const plans = plansOf(planned, map.zones);
  problems.push(...takenNames(plans, accounts), ...rolloutLimits(plans), ...madeTwice(plans, accounts));
  problems.push(...managersAsUsers(map, accounts));
  if (problems.length > 0) return { problems: toldOnce(problems, map.rollouts) };
  const findings = [
    ...planned.flatMap((each) => [...each.findings, ...deployRoles(each, accounts, map), ...denied(each, planned)]),
    ...zonesAbove(planned),
  ];
  return { plans, findings: sortFindings(findings) };
}

/** A flaw of a template shows in each rollout of it: once, and of which rollouts where others have the template without it. */
function toldOnce(problems: readonly PlanProblem[], rollouts: readonly Rollout[]): PlanProblem[] {
  const told = new Map<string, PlanProblem[]>();
  for (const problem of problems) {
    const { source, place, message, fix } = problem;
    const what = JSON.stringify([place ?? source, message, fix]);
    told.set(what, [...(told.get(what) ?? []), problem]);
  }
  return [...told.values()].flatMap(([first, ...others]) => {
    if (first?.place === undefined) return first ?? [];
    const { file } = first.place;
    const all = rollouts.filter(({ ownTemplate }) => ownTemplate?.path === file);
    const flawed = all.filter(({ source }) => [first, ...others].some((problem) => problem.source === source));
    if (flawed.length === all.length) return first;
    return { ...first, message: `${first.message} (rollout ${listNames(flawed.map(({ name }) => name))})` };
  });
}

/** One stack for the StackSets of a zone, and one for each account of it that they do not reach. */
function plansOf(planned: readonly PlannedRollout[], mapZones: readonly Zone[]): RolloutPlans {
  const zones = new Map<string, Writable<RolloutPlan>>();
  const direct = new Map<string, Writable<DirectRolloutPlan>>();
  for (const { rollout, zone, stackSets, stacks } of planned) {
    const { administrator } = rollout;
    const { organization } = zone;
    const stack = `${organization.name}.rollouts.${zone.name}`;
    if (stackSets.length > 0) {
      const callAs = administrator.name === organization.managementAccount ? "SELF" : "DELEGATED_ADMIN";
      const sessionTags = sessionTagsOf(administrator, mapZones);
      const plan = zones.get(stack) ?? { stack, zone, administrator, callAs, sessionTags, stackSets: [] };
      zones.set(stack, { ...plan, stackSets: [...plan.stackSets, ...stackSets] });
    }
    for (const [account, own] of stacks) {
      const name = `${stack}.${account.name}`;
      const sessionTags = sessionTagsOf(account, mapZones);
      const plan = direct.get(name) ?? { stack: name, zone, account, sessionTags, stacks: [] };
      direct.set(name, { ...plan, stacks: [...plan.stacks, ...own] });
    }
  }
  return { zones: sortedByStack(zones.values()), direct: sortedByStack(direct.values()) };
}

type Writable<Plan> = { -readonly [Field in keyof Plan]: Plan[Field] };

function sortedByStack<Plan extends { readonly stack: string }>(plans: Iterable<Plan>): Plan[] {
  return [...plans].sort((a, b) => nameOrder(a.stack, b.stack));
}

/** A zone's rollouts have one administrator. */
function zonesAbove(planned: readonly PlannedRollout[]): Finding[] {
  const byZone = new Map(planned.map(({ zone, rollout }) => [zone, rollout]));
  return [...byZone].flatMap(([zone, rollout]) => zoneAbove(rollout, zone));
}

/** Guardrails and StackSets are stacks too, of the accounts that keep them. */
function deployRoles(planned: PlannedRollout, plans: readonly AccountPlan[], map: OrganizationMap): Finding[] {
  const { rollout, stackSets, stacks } = planned;
  if (rollout.template !== "access-roles") return [];
  const reached = [...stackSets.flatMap(({ reaches }) => reaches), ...[...stacks.keys()]];
  const keepers = new Set(map.rollouts.map(({ administrator }) => administrator.name));
  const owners = new Set(plans.map(({ account }) => account.name));
  const needing = map.accounts.filter(
    (account) => owners.has(account.name) || keepers.has(account.name) || isManagementAccount(account),
  );
  return withoutDeployRole(rollout, needing.filter(isActive), new Set(reached.map(({ name }) => name)));
}

/** Where the zone's roles are made by hand, nobody knows here what they may do. */
function denied({ rollout, stacks }: PlannedRollout, planned: readonly PlannedRollout[]): Finding[] {
  if (isBuiltIn(rollout.template)) return [];
  const roles = planned.find((each) => each.rollout.template === "access-roles" && each.zone.name === rollout.zone);
  return stackDenied(
    rollout,
    [...stacks.keys()].filter((account) => roles?.stacks.has(account) === true),
  );
}

function isBuiltIn(template: string): boolean {
  return builtInTemplates.some((name) => name === template);
}
