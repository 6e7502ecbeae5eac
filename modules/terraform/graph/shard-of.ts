import { nameOrder } from "../../aws/name-order";
import { planSeconds } from "./stack-cost";
import type { StackGraph } from "./stack-node";

/** One of the parts into which pipelines cut a run. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** `2/5`; undefined for what is no share. */
export function parseShard(text: string): Shard | undefined {
  const match = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  return match !== null && index <= count ? { index, count } : undefined;
}

/**
 * The stacks of one shard, in name order: every shard takes about as long as any other, and each stack is in exactly one. A stack is
 * where those are that it cannot be planned before.
 *
 * @param names of stacks of the graph, in any order
 */
export function shardOf(graph: StackGraph, names: Iterable<string>, { index, count }: Shard): string[] {
  const shards = Array.from({ length: count }, () => ({ seconds: 0, names: [] as string[] }));
  for (const group of groupsOf(graph, [...new Set(names)].sort(nameOrder))) {
    const least = shards.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    least.seconds += group.seconds;
    least.names.push(...group.names);
  }
  return (shards[index - 1]?.names ?? []).sort(nameOrder);
}

interface Group {
  readonly seconds: number;
  readonly names: readonly string[];
}

/** What hard needs hold together, the longest first. */
function groupsOf(graph: StackGraph, names: readonly string[]): Group[] {
  const groupOf = new Map(names.map((name) => [name, [name]]));
  for (const { from, to, hard } of graph.needs) {
    const [a, b] = [groupOf.get(from), groupOf.get(to)];
    if (!hard || a === undefined || b === undefined || a === b) continue;
    const [large, small] = a.length < b.length ? [b, a] : [a, b];
    large.push(...small);
    for (const name of small) groupOf.set(name, large);
  }
  const secondsOf = (name: string): number => {
    const node = graph.nodes.get(name);
    if (node === undefined) throw new Error(`there is no stack ${name} in the graph`);
    return planSeconds(node);
  };
  return [...new Set(groupOf.values())]
    .map((group) => group.sort(nameOrder))
    .map((group) => ({ seconds: group.reduce((sum, name) => sum + secondsOf(name), 0), names: group }))
    .sort((a, b) => b.seconds - a.seconds || nameOrder(a.names[0] ?? "", b.names[0] ?? ""));
}
