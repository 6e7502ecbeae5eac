import { nameOrder } from "../aws/name-order";
import type { RolloutPlans } from "../rollouts/rollout-plan";
import { table } from "./table";

/** Numbers of one rollout. */
export interface RolloutSummary {
  /** `pci.access-roles` */
  readonly rollout: string;
  readonly stackSets: number;
  /** That its StackSets go to, as of the map. */
  readonly accounts: number;
  /** That get it from stacks of Terraform's own. */
  readonly direct: number;
}

/** Sorted by rollout. */
export function summarizeRollouts({ zones, direct }: RolloutPlans): RolloutSummary[] {
  const stackSets = zones.flatMap((zone) => zone.stackSets);
  const stacks = direct.flatMap(({ account, stacks: all }) => all.map(({ rollout }) => ({ rollout, account })));
  const names = new Set([...stackSets, ...stacks].map(({ rollout }) => rollout.name));
  return [...names].sort(nameOrder).map((rollout) => {
    const its = stackSets.filter((each) => each.rollout.name === rollout);
    return {
      rollout,
      stackSets: its.length,
      accounts: new Set(its.flatMap(({ reaches }) => reaches.map(({ id }) => id))).size,
      direct: new Set(stacks.flatMap((each) => (each.rollout.name === rollout ? [each.account.id] : []))).size,
    };
  });
}

/** Nothing where there are no rollouts. */
export function rolloutSummaryText(rollouts: readonly RolloutSummary[]): string[] {
  if (rollouts.length === 0) return [];
  return table([
    ["rollout", "StackSets", "accounts", "direct"],
    ...rollouts.map(({ rollout, stackSets, accounts, direct }) => [rollout, stackSets, accounts, direct]),
  ]);
}
