import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { orderStacks } from "../../../modules/terraform/graph/order-stacks";
import type { RunOrder, StackGraph } from "../../../modules/terraform/graph/stack-node";
import { accountNode, handGraph } from "./written-output";

const letters = ["a", "b", "c", "d", "e", "f", "g", "h"];

function orderOf(graph: StackGraph, names: Iterable<string> = graph.nodes.keys()): RunOrder {
  const order = orderStacks(graph, names);
  if ("problems" in order) throw new Error(order.problems.join("\n"));
  return order;
}

function layers({ layers: all }: RunOrder): string[][] {
  return all.map((layer) => layer.map(({ name }) => name));
}

function graphOf(...needs: readonly string[]): StackGraph {
  return handGraph(
    letters.slice(0, 4).map((name) => accountNode(name)),
    ...needs,
  );
}

describe("ordering stacks", () => {
  test("puts each into the first layer after all that it needs", () => {
    expect(layers(orderOf(graphOf("a > b", "a > c", "b > c")))).toEqual([["c", "d"], ["b"], ["a"]]);
  });

  test("goes by the selected stacks alone, and tells what else has to be there", () => {
    const order = orderOf(graphOf("a > b", "b >> c"), ["b", "a"]);
    expect(layers(order)).toEqual([["b"], ["a"]]);
    expect(order.outside).toEqual([{ from: "b", to: "c", hard: true, why: "b waits" }]);
    expect(order.needs.map(({ from, to }) => `${from} ${to}`)).toEqual(["a b"]);
  });

  test("leaves out the need that closes a circle, never a hard one", () => {
    const order = orderOf(graphOf("a >> b", "b > a", "c > d"));
    expect(layers(order)).toEqual([
      ["b", "d"],
      ["a", "c"],
    ]);
    expect(order.leftOut.map(({ from, to }) => `${from} ${to}`)).toEqual(["b a"]);
  });

  test("leaves out the use of a key before the order of a zone's own stacks", () => {
    const nodes = [accountNode("z"), accountNode("a"), accountNode("m", { kind: "rollouts" })];
    const order = orderOf(handGraph(nodes, "m > a", "a > z", "z > m"));
    expect(order.leftOut.map(({ from, to }) => `${from} ${to}`)).toEqual(["a z"]);
  });

  test("names each circle in which no stack can be the first", () => {
    expect(orderStacks(graphOf("b >> a", "a >> c", "c >> b", "c > a"), letters.slice(0, 4))).toEqual({
      problems: [
        "a -> c -> b -> a: none of these can be the first. a cannot be planned before c: a waits. c cannot be planned before b: c waits. b cannot be planned before a: b waits. Let one of them name the other's key by its alias (by: alias in the workload, consumers: alias in the zone) and synthesize; where these keys are there already, --exclude one of the stacks",
      ],
    });
    const two = orderStacks(graphOf("a >> b", "b >> a", "c >> d", "d >> c"), letters.slice(0, 4));
    expect("problems" in two ? two.problems : []).toHaveLength(2);
    expect("layers" in orderStacks(graphOf("a >> b", "b >> a"), ["a", "c"])).toBe(true);
  });

  test("refuses a stack that is not there", () => {
    expect(() => orderStacks(graphOf(), ["x"])).toThrow("there is no stack x in the graph");
  });

  test("takes a thousand accounts that all use each other's keys", () => {
    const names = Array.from({ length: 1000 }, (_, index) => `n${index}`);
    const needs = names.flatMap((name, index) => [1, 7, 31].map((far) => `${name} > n${(index + far) % names.length}`));
    const order = orderOf(
      handGraph(
        names.map((name) => accountNode(name)),
        ...needs,
      ),
    );
    expect(layers(order).flat()).toHaveLength(1000);
    expect(order.leftOut.length).toBeGreaterThan(0);
  });
});

const someNeeds = fc.uniqueArray(
  fc.record({ from: fc.constantFrom(...letters), to: fc.constantFrom(...letters), hard: fc.boolean() }),
  { selector: ({ from, to }) => `${from} ${to}`, maxLength: 30 },
);
const some = fc.record({
  needs: someNeeds.map((needs) => needs.filter(({ from, to }) => from !== to)),
  selected: fc.shuffledSubarray(letters),
  zone: fc.subarray(letters),
});

function written({
  needs,
  zone,
}: {
  needs: { from: string; to: string; hard: boolean }[];
  zone: string[];
}): StackGraph {
  const nodes = letters.map((name) => accountNode(name, zone.includes(name) ? { kind: "guardrails" } : {}));
  return handGraph(nodes, ...needs.map(({ from, to, hard }) => `${from} ${hard ? ">>" : ">"} ${to}`));
}

describe("whatever the needs", () => {
  test("each that is kept points to an earlier layer, and nothing is lost", () => {
    fc.assert(
      fc.property(some, (given) => {
        const graph = written(given);
        const order = orderStacks(graph, given.selected);
        const hard = graph.needs.filter((need) => need.hard);
        if ("problems" in order) {
          expect("problems" in orderStacks({ ...graph, needs: hard }, given.selected)).toBe(true);
          return;
        }
        const layerOf = new Map(
          order.layers.flatMap((layer, index) => layer.map(({ name }) => [name, index] as const)),
        );
        expect([...layerOf.keys()].sort()).toEqual([...given.selected].sort());
        expect(layers(order).flat()).toHaveLength(given.selected.length);
        for (const { from, to } of order.needs) expect(layerOf.get(to) ?? 0).toBeLessThan(layerOf.get(from) ?? 0);
        expect(order.leftOut.filter((need) => need.hard)).toEqual([]);
        const told = [...order.needs, ...order.outside, ...order.leftOut];
        expect(new Set(told)).toEqual(new Set(graph.needs.filter(({ from }) => given.selected.includes(from))));
        expect(order.layers.every((layer) => layer.length > 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("the order is the same in whatever order stacks and needs come, and no more is left out than has to be", () => {
    fc.assert(
      fc.property(some, fc.nat(), (given, seed) => {
        const graph = written(given);
        const order = orderStacks(graph, given.selected);
        const turned = orderStacks(
          {
            nodes: new Map([...graph.nodes].reverse()),
            needs: [...graph.needs].sort((a, b) => (((a.from + b.to).charCodeAt(0) + seed) % 3) - 1),
          },
          [...given.selected].reverse(),
        );
        if ("problems" in order || "problems" in turned) {
          expect(turned).toEqual(order);
          return;
        }
        expect(layers(turned)).toEqual(layers(order));
        expect(new Set(turned.leftOut)).toEqual(new Set(order.leftOut));
        for (const need of order.leftOut) {
          const again = orderStacks({ ...graph, needs: [...order.needs, need] }, given.selected);
          expect("problems" in again ? 1 : again.leftOut.length).toBe(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
