import type { Selection } from "../modules/findings/selection";
import { selectAccounts } from "../modules/organization/select-accounts";
import type { LoadedPlan } from "./load-plan";
import type { PlannedStack } from "./planned-stack";

export interface SelectedStacks {
  readonly stacks: readonly PlannedStack[];
  /** Whether the selection leaves nothing of the map out, so that what else is in an output is left over. */
  readonly whole: boolean;
}

/**
 * The stacks of a selection. A zone's own stacks belong to it as a whole: only the zone selects them, never an OU or an
 * account.
 *
 * @returns the stacks, or what is wrong with a name
 */
export function selectStacks(
  { map, stacks }: LoadedPlan,
  selection: Selection,
): SelectedStacks | { problems: readonly string[] } {
  const selected = selectAccounts(map, selection);
  if ("problems" in selected) return selected;
  const accounts = new Set(selected.accounts.map(({ name }) => name));
  const byZone = selection.ous.length + selection.accounts.length === 0;
  const chosen = stacks.filter(({ account, zone }) =>
    account === undefined
      ? byZone && (selection.zones.length === 0 || selection.zones.includes(zone))
      : accounts.has(account),
  );
  return { stacks: chosen, whole: chosen.length === stacks.length && accounts.size === map.accounts.length };
}
