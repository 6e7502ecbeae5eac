import { nameOrder } from "../../aws/name-order";
import { allNeedsOf, type RunState } from "./run-state";

/**
 * The accounts that go first: those in which least is lost.
 *
 * @param isProduction whether a stack's account is of production, by the map
 * @returns account stacks with changes, at most so many; none that waits for a deferred stack
 */
export function chooseCanaries(count: number, run: RunState, isProduction: (stack: string) => boolean): string[] {
  const { record, passed, needs } = run;
  return record.stacks
    .filter(({ kind, status, stack }) => kind === "account" && status === "planned" && passed.has(stack))
    .map(({ stack }) => ({ stack, rank: isProduction(stack) ? 1 : 0 }))
    .filter(({ stack }) => [...allNeedsOf([stack], needs)].every((need) => record.stack(need).status !== "deferred"))
    .sort((a, b) => a.rank - b.rank || nameOrder(a.stack, b.stack))
    .slice(0, count)
    .map(({ stack }) => stack);
}
