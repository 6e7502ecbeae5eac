import { nameOrder } from "../../aws/name-order";
import type { StackGraph, StackNeed } from "../graph/stack-node";
import type { AffectedStack } from "./affected-stacks";

/** A stack that is the same and needs one that is not. */
export interface DependentStack {
  readonly stack: string;
  /** On affected stacks alone. */
  readonly needs: readonly StackNeed[];
}

/**
 * Stacks that need an affected one, by name. Their JSON is the same, so that there is nothing to plan; what it refers to may change
 * under them.
 *
 * @param before the graph that removed stacks are in; undefined when there are none of these
 */
export function dependentsOf(
  affected: readonly AffectedStack[],
  graph: StackGraph,
  before: StackGraph | undefined,
): DependentStack[] {
  const known = new Set(affected.map(({ stack }) => stack));
  const removed = new Set(affected.filter(({ after }) => after === undefined).map(({ stack }) => stack));
  const needs = [
    ...graph.needs.filter(({ to }) => known.has(to)),
    ...(before?.needs ?? []).filter(({ from, to }) => removed.has(to) && graph.nodes.has(from)),
  ].filter(({ from }) => !known.has(from));
  const byStack = new Map<string, StackNeed[]>();
  for (const need of needs) byStack.set(need.from, [...(byStack.get(need.from) ?? []), need]);
  return [...byStack]
    .map(([stack, own]) => ({ stack, needs: own.sort((a, b) => nameOrder(a.to, b.to)) }))
    .sort((a, b) => nameOrder(a.stack, b.stack));
}
