import type { Finding } from "../findings/finding";
import { ousAbove } from "../organization/link/known-accounts";
import type { Account, OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import { madeResources } from "./created-names";
import type {
  ExplainedPlace,
  ExplainedStackSet,
  ReachedAccount,
  RolloutExplanation,
  ZoneAbove,
} from "./rollout-explanation";
import type { PlannedDirectStack, PlannedStackSet, RolloutPlans } from "./rollout-plan";
import { isAtOrBelow } from "./rollout-targets";
import { accountsOfZones, isManagementAccount } from "./zone-accounts";

/** @returns undefined when the map has no rollout of that name */
export function explainRollout(
  map: OrganizationMap,
  plans: RolloutPlans,
  findings: readonly Finding[],
  name: string,
): RolloutExplanation | undefined {
  const rollout = map.rollouts.find((each) => each.name === name);
  const zone = map.zones.find((each) => each.name === rollout?.zone);
  if (rollout === undefined || zone === undefined) return undefined;
  const paths = new Map(zone.organization.organizationalUnits.map(({ id, path }) => [id, path]));
  const stackSets = stackSetsOf(plans, rollout);
  const stacks = directStacksOf(plans, rollout);
  const reached = new Map<string, ReachedAccount>();
  for (const { stackSet } of stackSets) {
    for (const account of stackSet.reaches) addReached(reached, account, reachOf(account, stackSet, paths));
  }
  for (const { account, stack } of stacks) {
    addReached(reached, account, {
      through: "a stack of its own",
      wave: undefined,
      by: [stack.name],
      regions: [stack.region],
    });
  }
  const accounts = accountsOfZones(map)(zone);
  const names = new Map(accounts.map((account) => [account.id, account.name]));
  const firstWave = stackSets.find(({ stackSet }) => stackSet.wave !== undefined)?.stackSet.wave;
  const joined = new Set(
    stackSets.flatMap(({ stackSet }) =>
      stackSet.autoDeployment ? stackSet.targets.ous.flatMap((id) => paths.get(id) ?? []) : [],
    ),
  );
  const empty = new Set(stackSets.flatMap(({ stackSet }) => stackSet.leavesEmpty.map((account) => account.name)));
  return {
    schema: "orgkeys/rollout/v1",
    rollout: rollout.name,
    zone: zone.name,
    template: rollout.template,
    source: rollout.source,
    administrator: rollout.administrator.name,
    above: zonesAbove(rollout, zone, map),
    stackSets: stackSets.map(({ stack, stackSet }) => ({
      ...explainStackSet(stack, stackSet, paths, names),
      canary: rollout.canary && rollout.waves.length > 1 && stackSet.wave !== undefined && stackSet.wave === firstWave,
    })),
    directStacks: stacks.map(({ plan, account, stack }) => ({
      stack: plan,
      account: account.name,
      id: stack.id,
      name: stack.name,
      region: stack.region,
      bootstrapped: stack.bootstrapped,
      after: stack.after,
      creates: stack.template.creates,
      makes: madeResources(stack.template),
      why: stack.why,
    })),
    in: accounts.flatMap(({ name: account }) => reached.get(account) ?? []),
    out: accounts
      .filter((account) => !reached.has(account.name))
      .map((account) => ({ ...placeOf(account), why: whyOut(account, rollout, joined, empty) })),
    findings: findings.filter(({ where }) => where === `rollout ${rollout.name}`),
  };
}

/** Also those of the zone itself: whoever they are, they are above it. */
function zonesAbove({ administrator }: Rollout, zone: Zone, map: OrganizationMap): ZoneAbove[] {
  const management = map.accounts.find(
    ({ name, organization }) => name === organization.managementAccount && organization.name === zone.organization.name,
  );
  const of = (keeps: ZoneAbove["keeps"], account: Account): ZoneAbove => {
    const pipelines = map.zones.find(({ name }) => name === account.zone)?.pipelines?.deploy ?? [];
    return { keeps, account: account.name, zone: account.zone, pipelines: pipelines.map(({ arn }) => arn) };
  };
  return [of("StackSets", administrator), ...(management === undefined ? [] : [of("guardrails", management)])];
}

/** The rollouts that reach an account, sorted by name. */
export function rolloutsOfAccount(
  map: OrganizationMap,
  plans: RolloutPlans,
  accountName: string,
): { readonly rollout: string; readonly reached: ReachedAccount }[] {
  const zone = map.accounts.find(({ name }) => name === accountName)?.zone;
  return map.rollouts
    .filter((rollout) => rollout.zone === zone)
    .flatMap(({ name }) => {
      const reached = explainRollout(map, plans, [], name)?.in.find(({ account }) => account === accountName);
      return reached === undefined ? [] : [{ rollout: name, reached }];
    });
}

function stackSetsOf({ zones }: RolloutPlans, rollout: Rollout): { stack: string; stackSet: PlannedStackSet }[] {
  return zones.flatMap(({ stack, stackSets }) =>
    stackSets.filter((each) => each.rollout.name === rollout.name).map((stackSet) => ({ stack, stackSet })),
  );
}

function directStacksOf(
  { direct }: RolloutPlans,
  rollout: Rollout,
): { plan: string; account: Account; stack: PlannedDirectStack }[] {
  return direct.flatMap(({ stack: plan, account, stacks }) =>
    stacks.filter((each) => each.rollout.name === rollout.name).map((stack) => ({ plan, account, stack })),
  );
}

function explainStackSet(
  stack: string,
  stackSet: PlannedStackSet,
  paths: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string>,
): Omit<ExplainedStackSet, "canary"> {
  const { targets, template, id, name, wave, reaches, leavesEmpty, after, autoDeployment, retain, regions, why } =
    stackSet;
  const { concurrency, failureTolerance, concurrencyMode, regionConcurrency } = stackSet;
  return {
    stack,
    id,
    name,
    wave,
    after,
    filter: targets.filter,
    ous: targets.ous.map((ou) => ({ id: ou, path: paths.get(ou) })),
    accounts: targets.accounts.map((account) => ({ id: account, account: names.get(account) })),
    reaches: reaches.map((account) => account.name),
    leavesEmpty: leavesEmpty.map((account) => account.name),
    autoDeployment,
    retain,
    regions,
    concurrency,
    failureTolerance,
    concurrencyMode,
    regionConcurrency,
    parameters: template.parameters,
    creates: template.creates,
    makes: madeResources(template),
    why,
  };
}

const ownName = "its own name";

type Reach = Omit<ReachedAccount, keyof ExplainedPlace>;

function reachOf(account: Account, stackSet: PlannedStackSet, paths: ReadonlyMap<string, string>): Reach {
  const { targets, wave, name, regions } = stackSet;
  const targeted = new Set(targets.ous.map((id) => paths.get(id)));
  const ou =
    targets.filter === "INTERSECTION" ? undefined : ousAbove(account.ouPath).find((path) => targeted.has(path));
  return { through: ou === undefined ? ownName : `OU ${ou}`, wave, by: [name], regions };
}

function addReached(reached: Map<string, ReachedAccount>, account: Account, reach: Reach): void {
  const before = reached.get(account.name);
  reached.set(
    account.name,
    before === undefined
      ? { ...placeOf(account), ...reach }
      : {
          ...before,
          // The account with the bus is named for the bus alone.
          through: before.through === ownName ? reach.through : before.through,
          wave: before.wave ?? reach.wave,
          by: [...new Set([...before.by, ...reach.by])],
          regions: [...new Set([...before.regions, ...reach.regions])],
        },
  );
}

function placeOf({ name, id, ouPath }: Account): ExplainedPlace {
  return { account: name, accountId: id, ou: ouPath };
}

/**
 * @param joined the OUs that reach an account the moment it joins them
 * @param empty names of accounts whose instances are empty
 */
function whyOut(account: Account, rollout: Rollout, joined: ReadonlySet<string>, empty: ReadonlySet<string>): string {
  const { excluded, waves } = rollout;
  if (excluded.some(({ name }) => name === account.name)) {
    return `excluded (excludeAccounts)${empty.has(account.name) ? ", with an empty stack" : ""}`;
  }
  const isBelow = waves.some(
    ({ ous }) => ous === undefined || isAtOrBelow(account.ouPath, new Set(ous.map(({ path }) => path))),
  );
  if (!isBelow && !(isManagementAccount(account) && account.ouPath === "")) {
    return account.ouPath === "" ? "directly below the root, where no OU is" : "not below an OU that it goes to";
  }
  if (account.status === "suspended") return "suspended";
  if (account.status === "pending") {
    return isAtOrBelow(account.ouPath, joined)
      ? "pending: reached on the day it exists"
      : "pending: reached by the first apply after it is active";
  }
  throw new Error(`${rollout.name}: nothing says why account ${account.name} is out`);
}
