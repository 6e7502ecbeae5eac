import { inNameOrder, uniqueNames } from "../aws/name-order";
import type { Account, Zone } from "../organization/organization-map";
import { listNames } from "../organization/problem";
import type { Rollout, RolloutWave } from "../organization/rollout";
import { keyEventsBusAccount, keyEventsBusRegion } from "./key-events";
import { leaveOutAccounts } from "./leave-out-accounts";
import { neverInAccounts } from "./never-in-accounts";
import type { RenderedPart } from "./render-rollout";
import type { PlannedStackSet } from "./rollout-plan";
import { accountTargets, ouTargets, type ReachingTargets, waveReach } from "./rollout-targets";
import type { RolloutPart } from "./template-data";
import { isManagementAccount } from "./zone-accounts";

/**
 * The StackSets of one rollout, each after those that it waits for: the bus, then wave by wave, and in a wave the replicas
 * after the primaries. Each stage waits for all of the one before, so that nothing is anywhere before what it needs.
 *
 * @param parts what the rollout is made of, rendered
 * @param accounts the zone's, sorted by name
 * @param leftOut names of accounts that get nothing from a StackSet of this rollout
 */
export function planStackSets(
  rollout: Rollout,
  zone: Zone,
  parts: readonly RenderedPart[],
  accounts: readonly Account[],
  leftOut: ReadonlySet<string>,
): PlannedStackSet[] {
  const planned: PlannedStackSet[] = [];
  let before: readonly string[] = [];
  const addStage = (stage: readonly StackSetRequest[]): void => {
    if (stage.length === 0) return;
    const stackSets = stage.map((request) => planStackSet(rollout, zone, request, before));
    planned.push(...stackSets);
    before = stackSets.map(({ id }) => id);
  };
  addStage(parts.filter(({ part }) => part === "bus").flatMap((part) => busRequest(rollout, zone, part)));
  const outside = uniqueNames(
    accounts.filter((account) => leftOut.has(account.name) && !isManagementAccount(account)).map(({ id }) => id),
  );
  const management = accounts.filter(isManagementAccount).map(({ id }) => id);
  let isFirst = true;
  for (const wave of rollout.waves) {
    const reach = waveReach(zone, wave, accounts);
    const canary = rollout.canary && rollout.waves.length > 1 && isFirst;
    const targeted = [
      { single: false, reaching: ouTargets(reach, leftOut), what: reach.ous.map(({ path }) => path) },
      { single: true, reaching: accountTargets(reach.single, leftOut), what: [] },
    ];
    for (const { part, template } of parts.filter((each) => each.part !== "bus")) {
      addStage(
        targeted.flatMap(({ single, reaching, what }): StackSetRequest[] => {
          if (reaching === undefined) return [];
          const elsewhere = neverInAccounts(template, [...management, ...outside]);
          const own = single ? elsewhere : leaveOutAccounts(elsewhere, outside);
          return [{ part, template: own, wave, canary, single, ous: what, ...reaching }];
        }),
      );
    }
    if (targeted.some(({ reaching }) => reaching !== undefined)) isFirst = false;
  }
  return planned;
}

interface StackSetRequest extends RenderedPart, ReachingTargets {
  readonly wave: RolloutWave | undefined;
  readonly canary: boolean;
  /** Whether it goes to single accounts. */
  readonly single: boolean;
  /** Paths of the OUs that it goes to. */
  readonly ous: readonly string[];
}

/** Of the zone's bus there is one, in one account; the management account gets it directly. */
function busRequest(rollout: Rollout, zone: Zone, part: RenderedPart): StackSetRequest[] {
  const busAccount = keyEventsBusAccount(rollout, zone);
  if (isManagementAccount(busAccount)) return [];
  const reaching = accountTargets([busAccount], new Set());
  return reaching === undefined
    ? []
    : [{ ...part, ...reaching, wave: undefined, canary: false, single: true, ous: [] }];
}

/** The Regions that a part of a rollout goes to, in their order. */
export function regionsOfPart({ regions, replicas }: Rollout, part: RolloutPart, zone: Zone): readonly string[] {
  if (part === "replicas") return replicas;
  if (part === "main") return regions;
  return [keyEventsBusRegion(zone)];
}

function planStackSet(
  rollout: Rollout,
  zone: Zone,
  request: StackSetRequest,
  after: readonly string[],
): PlannedStackSet {
  const { part, wave, template, targets, reaches, leftOut, canary, single } = request;
  const words = [
    ...(wave?.name === undefined ? [] : [wave.name]),
    ...(part === "main" ? [] : [part]),
    ...(single && part !== "bus" ? ["accounts"] : []),
  ];
  return {
    id: [zone.name, rollout.template, ...words].join("_"),
    name: ["orgkeys", zone.name, rollout.template, ...words].join("-"),
    rollout,
    wave: wave?.name,
    description: descriptionOf(rollout, zone, request),
    template,
    targets,
    autoDeployment: rollout.autoDeployment && !single,
    retain: rollout.retain,
    regions: regionsOfPart(rollout, part, zone),
    concurrency: canary ? { count: 1 } : rollout.concurrency,
    failureTolerance: canary ? { count: 0 } : rollout.failureTolerance,
    concurrencyMode: canary ? "strict" : rollout.concurrencyMode,
    regionConcurrency: rollout.regionConcurrency,
    tags: rolloutTags(rollout, zone),
    after,
    reaches,
    leavesEmpty: leftOut,
    why: reasonsOf(request),
    sources: [rollout.source],
  };
}

function descriptionOf({ template }: Rollout, { name }: Zone, { part, wave }: StackSetRequest): string {
  const which = part === "main" ? `Template ${template}` : `The ${part} of template ${template}`;
  const where = wave?.name === undefined ? "" : `, wave ${wave.name}`;
  return `${which} for zone ${name}${where}, written by orgkeys`;
}

function reasonsOf({ reaches, leftOut, ous, single, canary, part }: StackSetRequest): string[] {
  const names = (accounts: readonly Account[]): string => listNames(accounts.map(({ name }) => name));
  return [
    ...(part === "bus" ? [`the bus is in account ${names(reaches)} alone`] : []),
    ...(single && part !== "bus" ? [`accounts in no OU that is wholly the zone's: ${names(reaches)}`] : []),
    ...ous.map((path) => `OU ${path} with everything below`),
    ...(leftOut.length === 0 ? [] : [`the template makes nothing in accounts ${names(leftOut)}`]),
    ...(canary ? ["canary: one account at a time, and none may fail"] : []),
  ];
}

/** CloudFormation gives a stack's tags to everything in it that takes tags. */
export function rolloutTags(rollout: Rollout, { organization, tags, owner, name }: Zone): Record<string, string> {
  return Object.fromEntries(
    inNameOrder({
      ...organization.tags,
      ...tags,
      ManagedBy: "orgkeys",
      Owner: owner,
      Rollout: rollout.name,
      Zone: name,
    }),
  );
}
