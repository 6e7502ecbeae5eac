import type { Finding } from "../findings/finding";
import type { PlanProblem } from "../keys/plan-problem";
import type { Account, OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import { isDirect, planDirectStacks } from "./direct-stacks";
import { keyEventsBusAccount } from "./key-events";
import type { RenderedPart } from "./render-rollout";
import {
  accountsWait,
  emptyOus,
  leavesOutEverybody,
  limitedConcurrency,
  nextApply,
  reachesNobody,
  regionsNotEnabled,
  regionsUnordered,
  unguardedBreakGlass,
  wavesReachNobody,
} from "./rollout-findings";
import type { PlannedDirectStack, PlannedStackSet } from "./rollout-plan";
import { waveReach } from "./rollout-targets";
import { planStackSets } from "./stack-set-stages";
import { type AccountsOfZone, isActive, isManagementAccount } from "./zone-accounts";

/** What all rollouts of a map share. */
export interface RolloutContext {
  readonly map: OrganizationMap;
  readonly accountsOf: AccountsOfZone;
  /** Names of the accounts that keep StackSets. */
  readonly administrators: ReadonlySet<string>;
  readonly render: (rollout: Rollout, zone: Zone) => RenderedPart[] | { problems: PlanProblem[] };
}

export interface PlannedRollout {
  readonly rollout: Rollout;
  readonly zone: Zone;
  /** Each after those that it waits for. */
  readonly stackSets: readonly PlannedStackSet[];
  /** What single accounts get without a StackSet. */
  readonly stacks: ReadonlyMap<Account, readonly PlannedDirectStack[]>;
  readonly findings: readonly Finding[];
}

/** One rollout of one zone. */
export function planRollout(
  rollout: Rollout,
  zone: Zone,
  { accountsOf, administrators, render }: RolloutContext,
): PlannedRollout | { problems: PlanProblem[] } {
  const parts = render(rollout, zone);
  if ("problems" in parts) return parts;
  const accounts = accountsOf(zone);
  const direct = accounts.filter((account) => isDirect(account, rollout, administrators));
  const leftOut = new Set([...rollout.excluded, ...direct].map(({ name }) => name));
  const stackSets = planStackSets(rollout, zone, parts, accounts, leftOut);
  const stacks = directStacks(rollout, zone, parts, direct);
  const reaches = rollout.waves.map((wave) => waveReach(zone, wave, accounts));
  return {
    rollout,
    zone,
    stackSets,
    stacks,
    findings: [
      ...accountsWait(rollout, reaches, direct),
      ...nextApply(rollout, zone, reaches),
      ...(stackSets.length + stacks.size === 0 ? [reachesNobody(rollout)] : []),
      ...(stacks.size === 0 ? leavesOutEverybody(rollout, stackSets) : []),
      ...wavesReachNobody(rollout, stackSets),
      ...(stackSets.length === 0 ? [] : emptyOus(rollout, reaches, stackSets)),
      ...limitedConcurrency(rollout, stackSets),
      ...regionsUnordered(rollout, stackSets),
      ...regionsNotEnabled(rollout, stackSets),
      ...unguardedBreakGlass(rollout, zone),
    ],
  };
}

/** The bus is where the map says, also in a management account that gets no rules. */
function directStacks(
  rollout: Rollout,
  zone: Zone,
  parts: readonly RenderedPart[],
  direct: readonly Account[],
): Map<Account, PlannedDirectStack[]> {
  const bus = parts
    .filter(({ part }) => part === "bus")
    .map(() => keyEventsBusAccount(rollout, zone))
    .filter(isManagementAccount);
  const planned = [...new Set([...direct, ...bus])].filter(isActive).map((account): [Account, PlannedDirectStack[]] => {
    const own = parts.filter(({ part }) => (part === "bus" ? bus.includes(account) : direct.includes(account)));
    return [account, planDirectStacks(rollout, zone, account, own)];
  });
  return new Map(planned);
}
