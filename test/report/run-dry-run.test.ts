import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { dryRunDocument, dryRunJsonSchema } from "../../modules/report/dry-run-document";
import { dryRunJson, dryRunText } from "../../modules/report/run-dry-run";
import { orderStacks } from "../../modules/terraform/graph/order-stacks";
import { selectFromGraph } from "../../modules/terraform/select/select-from-graph";
import { outputOf } from "../checks/sample-output";
import { graphOfTexts } from "../terraform/graph/written-output";
import { golden } from "./golden";

const graph = graphOfTexts(outputOf("test/fixtures/features").texts);

function dryRunOf(globs: readonly string[], excludes: readonly string[] = []): Parameters<typeof dryRunText>[0] {
  const known = { ous: [], zones: [], accounts: [] };
  const chosen = selectFromGraph(
    graph,
    { ous: [], zones: [], accounts: [], globs, excludes },
    { known, affected: globs.length === 0 ? new Map() : undefined },
  );
  if ("problems" in chosen) throw new Error(chosen.problems.join());
  const order = orderStacks(
    graph,
    chosen.selected.map(({ node }) => node.name),
  );
  if ("problems" in order) throw new Error(order.problems.join());
  return { output: "cdktf.out", selected: chosen.selected, order };
}

const core = dryRunOf(["everything.*"], ["*.outpost*", "*sealed*", "everything.rollouts.core"]);

describe("a dry run", () => {
  test("reads as its golden file", () => {
    const text = dryRunText(core).join("\n");
    expect(text).toBe(golden("dry-run.txt", text));
  });

  test("says in one line what is needed for the same reason, and how many more there are", () => {
    const [first] = core.order.layers.flat();
    if (first === undefined) throw new Error("nothing is selected");
    const needs = [1, 2, 3, 4, 5, 6, 7].map((each) => ({
      from: first.name,
      to: `everything.account-${each}`,
      hard: false,
      why: "guardrails come last",
    }));
    const lines = dryRunText({ ...core, order: { ...core.order, needs } });
    const accounts = [1, 2, 3, 4, 5].map((each) => `everything.account-${each}`).join(", ");
    expect(lines.filter((line) => line.includes("guardrails come last"))).toEqual([
      `    after ${accounts} and 2 more: guardrails come last`,
    ]);
  });

  test("is a document of its schema, with every stack and need", () => {
    const document = dryRunDocument.parse(JSON.parse(dryRunJson(core)));
    expect(document.stacks.map(({ stack }) => stack)).toEqual(
      core.order.layers.flatMap((layer) => layer.map(({ name }) => name)),
    );
    expect(document.stacks.flatMap(({ needs }) => needs)).toHaveLength(core.order.needs.length);
    expect(document.stacks.flatMap(({ needsOutside }) => needsOutside)).toHaveLength(core.order.outside.length);
    expect(document.stacks.flatMap(({ needsLeftOut }) => needsLeftOut)).toHaveLength(core.order.leftOut.length);
    expect(document.stacks.every(({ why }) => why === "matches everything.*")).toBe(true);
  });

  test("has its schema in the documentation; UPDATE_DOCS=1 writes it anew", () => {
    const path = join(__dirname, "../../docs/schemas/dry-run.schema.json");
    if (process.env.UPDATE_DOCS === "1") writeFileSync(path, dryRunJsonSchema());
    else expect(readFileSync(path, "utf8")).toBe(dryRunJsonSchema());
  });

  test("of nothing says so", () => {
    const nothing = dryRunOf([]);
    expect(dryRunText(nothing)).toEqual(["No stack is selected."]);
    expect(dryRunDocument.parse(JSON.parse(dryRunJson(nothing))).stacks).toEqual([]);
  });

  test("shows what cannot be printed", () => {
    const [first, ...others] = core.selected;
    if (first === undefined) throw new Error("nothing is selected");
    const hostile = { ...core, selected: [{ ...first, why: "affected: \u001b[31m\nred" }, ...others] };
    expect(dryRunText(hostile).join("\n")).toContain("affected: \\u{1b}[31m\\u{a}red");
  });
});
