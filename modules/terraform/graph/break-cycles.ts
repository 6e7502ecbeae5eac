import { alg, Graph } from "@dagrejs/graphlib";
import { nameOrder } from "../../aws/name-order";
import type { StackNeed, StackNode } from "./stack-node";

export interface BrokenCycles {
  /** In the order in which they came, without any cycle. */
  readonly kept: readonly StackNeed[];
  /** Needs that would have closed one. */
  readonly leftOut: readonly StackNeed[];
}

/**
 * Leaves out needs until none of them lead in a circle: never one that is hard, and of the others only what would close a circle of
 * those that stay. Two accounts may well use each other's keys, and neither has to be first.
 *
 * @param nodes the stacks, by name
 * @returns each cycle of hard needs, if there is one
 */
export function breakCycles(
  needs: readonly StackNeed[],
  nodes: ReadonlyMap<string, StackNode>,
): BrokenCycles | { readonly problems: readonly string[] } {
  const hard = needs.filter((need) => need.hard);
  const impossible = circles(hard);
  if (impossible.length > 0) return { problems: impossible.map((circle) => describe(circle, hard)) };
  const component = new Map<string, number>();
  for (const [index, circle] of circles(needs).entries()) for (const name of circle) component.set(name, index);
  const inCircle = ({ from, to }: StackNeed): boolean =>
    component.has(from) && component.get(from) === component.get(to);
  const open = needs.filter(inCircle);
  // Uses of keys go first: everything exists without them.
  const isUse = ({ from, to }: StackNeed): boolean => [from, to].every((name) => nodes.get(name)?.kind === "account");
  const usesLast = (a: StackNeed, b: StackNeed): number =>
    Number(isUse(a)) - Number(isUse(b)) || nameOrder(a.from, b.from) || nameOrder(a.to, b.to);
  const next = nextOf(open.filter((need) => need.hard));
  const leftOut = new Set<StackNeed>();
  for (const need of open.filter((each) => !each.hard).sort(usesLast)) {
    if (shortestWay(need.to, need.from, next) === undefined) append(next, need);
    else leftOut.add(need);
  }
  return { kept: needs.filter((need) => !leftOut.has(need)), leftOut: needs.filter((need) => leftOut.has(need)) };
}

/** Stacks that need each other, each circle and all of them in name order. */
function circles(needs: readonly StackNeed[]): string[][] {
  const graph = new Graph();
  for (const { from, to } of needs) graph.setEdge(from, to);
  return alg
    .tarjan(graph)
    .filter(({ length }) => length > 1)
    .map((circle) => circle.sort(nameOrder))
    .sort(([a = ""], [b = ""]) => nameOrder(a, b));
}

function describe(circle: readonly string[], needs: readonly StackNeed[]): string {
  const members = new Set(circle);
  const inside = needs.filter(({ from, to }) => members.has(from) && members.has(to));
  const [first = ""] = circle;
  const next = nextOf(inside);
  const [way = []] = (next.get(first) ?? [])
    .flatMap((to) => {
      const back = shortestWay(to, first, next);
      return back === undefined ? [] : [[first, ...back]];
    })
    .sort((a, b) => a.length - b.length);
  const reasons = way.slice(1).map((to, index) => {
    const need = inside.find((each) => each.from === way[index] && each.to === to);
    return `${way[index]} cannot be planned before ${to}: ${need?.why}`;
  });
  return [
    `${way.join(" -> ")}: none of these can be the first`,
    ...reasons,
    "Let one of them name the other's key by its alias (by: alias in the workload, consumers: alias in the zone) and synthesize; where these keys are there already, --exclude one of the stacks",
  ].join(". ");
}

function nextOf(needs: readonly StackNeed[]): Map<string, string[]> {
  const next = new Map<string, string[]>();
  for (const need of needs) append(next, need);
  return next;
}

function append(next: Map<string, string[]>, { from, to }: StackNeed): void {
  const others = next.get(from);
  if (others === undefined) next.set(from, [to]);
  else others.push(to);
}

/** The shortest way along these needs, both ends included; the first by name of several. */
function shortestWay(from: string, to: string, next: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const before = new Map<string, string | undefined>([[from, undefined]]);
  const open = [from];
  for (const name of open) {
    if (name === to) {
      const way: string[] = [];
      for (let each: string | undefined = name; each !== undefined; each = before.get(each)) way.unshift(each);
      return way;
    }
    for (const other of [...(next.get(name) ?? [])].sort(nameOrder)) {
      if (before.has(other)) continue;
      before.set(other, name);
      open.push(other);
    }
  }
  return undefined;
}
