import { alg, Graph } from "@dagrejs/graphlib";
import { nameOrder } from "../../aws/name-order";
import { breakCycles } from "./break-cycles";
import type { RunOrder, StackGraph, StackNeed, StackNode } from "./stack-node";

/**
 * The order of a run: a stack's layer is the first one after everything that it needs. The same for the same stacks, in whatever
 * order they come.
 *
 * @param names of stacks of the graph
 * @returns the order, or each cycle of needs that none of its stacks can do without
 * @throws an error for a name that the graph does not have
 */
export function orderStacks(
  graph: StackGraph,
  names: Iterable<string>,
): RunOrder | { readonly problems: readonly string[] } {
  // In name order, as each layer is.
  const nodes = new Map<string, StackNode>();
  for (const name of [...new Set(names)].sort(nameOrder)) {
    const node = graph.nodes.get(name);
    if (node === undefined) throw new Error(`there is no stack ${name} in the graph`);
    nodes.set(name, node);
  }
  const ofRun = graph.needs.filter(({ from }) => nodes.has(from));
  const inside = ofRun.filter(({ to }) => nodes.has(to));
  const outside = ofRun.filter(({ to }) => !nodes.has(to));
  const broken = breakCycles(inside, nodes);
  if ("problems" in broken) return broken;
  return { layers: layersOf(nodes, broken.kept), needs: broken.kept, outside, leftOut: broken.leftOut };
}

function layersOf(nodes: ReadonlyMap<string, StackNode>, needs: readonly StackNeed[]): StackNode[][] {
  const first = new Graph();
  for (const name of nodes.keys()) first.setNode(name);
  for (const { from, to } of needs) first.setEdge(to, from);
  const layerOf = new Map<string, number>();
  for (const name of alg.topsort(first)) {
    const before = (first.predecessors(name) ?? []).map((each) => layerOf.get(String(each)) ?? 0);
    layerOf.set(
      name,
      before.reduce((layer, each) => Math.max(layer, each + 1), 0),
    );
  }
  const layers: StackNode[][] = [];
  for (const [name, node] of nodes) {
    const layer = layerOf.get(name) ?? 0;
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(node);
  }
  return layers;
}
