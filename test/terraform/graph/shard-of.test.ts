import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseShard, shardOf } from "../../../modules/terraform/graph/shard-of";
import { planSeconds } from "../../../modules/terraform/graph/stack-cost";
import { accountNode, handGraph } from "./written-output";

test("a shard is written i/n, from 1", () => {
  expect(parseShard("2/5")).toEqual({ index: 2, count: 5 });
  expect(["0/5", "6/5", "1/0", "a/b", "1", "1/5 ", "-1/2", "01/5", "1/99999", ""].map(parseShard)).toEqual(
    Array.from({ length: 10 }, () => undefined),
  );
});

describe("the shards of a selection", () => {
  const shards = (
    graph: ReturnType<typeof handGraph>,
    count: number,
    names: readonly string[] = [...graph.nodes.keys()],
  ): string[][] => Array.from({ length: count }, (_, index) => shardOf(graph, names, { index: index + 1, count }));

  test("are of about the same cost", () => {
    const nodes = ["a", "b", "c", "d"].map((name, index) => accountNode(name, { providers: index === 0 ? 6 : 2 }));
    expect(shards(handGraph(nodes), 2)).toEqual([["a"], ["b", "c", "d"]]);
  });

  test("keep together what cannot be planned apart, and nothing else", () => {
    const nodes = ["a", "b", "c", "d"].map((name) => accountNode(name));
    expect(shards(handGraph(nodes, "a >> d", "b > c"), 3)).toEqual([["a", "d"], ["b"], ["c"]]);
    expect(shards(handGraph(nodes, "a >> b", "c >> b"), 2, ["a", "c", "d"])).toEqual([["a", "d"], ["c"]]);
  });

  test("may be empty", () => {
    expect(shards(handGraph([accountNode("a")]), 3)).toEqual([["a"], [], []]);
  });

  test("hold each stack once, whatever its order, and none is much longer than the others", () => {
    const nodes = fc.array(fc.record({ providers: fc.integer({ min: 1, max: 20 }), resources: fc.nat(500) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(nodes, fc.integer({ min: 1, max: 8 }), (costs, count) => {
        const graph = handGraph(costs.map((cost, index) => accountNode(`n${index}`, cost)));
        const all = shards(graph, count);
        expect(all.flat().sort()).toEqual([...graph.nodes.keys()].sort());
        expect(shards(graph, count, [...graph.nodes.keys()].reverse())).toEqual(all);
        const seconds = all.map((names) =>
          names.reduce((sum, name) => sum + planSeconds(graph.nodes.get(name) ?? accountNode("")), 0),
        );
        const longest = Math.max(0, ...costs.map(planSeconds));
        expect(Math.max(...seconds) - Math.min(...seconds)).toBeLessThanOrEqual(longest + 1e-9);
      }),
      { numRuns: 200 },
    );
  });
});
