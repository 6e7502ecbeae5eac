import type { RunOrder, StackNeed, StackNode } from "../terraform/graph/stack-node";
import type { SelectedStack } from "../terraform/select/stack-selection";
import { countOf } from "./check-outcome";
import { DRY_RUN_SCHEMA, type DryRunDocument } from "./dry-run-document";
import { oneLine } from "./one-line";

/** What a run would do, before any Terraform has run. */
export interface DryRun {
  /** The output folder, as the user wrote it. */
  readonly output: string;
  readonly selected: readonly SelectedStack[];
  /** Of these very stacks. */
  readonly order: RunOrder;
}

/** Every stack in its order, why it is there, and what it needs. */
export function dryRunText({ output, selected, order }: DryRun): string[] {
  if (selected.length === 0) return ["No stack is selected."];
  const whyOf = new Map(selected.map(({ node, why }) => [node.name, why]));
  const needs = needsByStack(order);
  const lines = order.layers.flatMap((layer, index) => [
    `layer ${index + 1}  ${countOf(layer.length, "stack")}`,
    ...layer.flatMap((node) => [
      `  ${node.name}  ${whyOf.get(node.name) ?? ""}`.trimEnd(),
      ...byReason(needs.inside(node)).map(({ stacks, why }) => `    after ${stacks}: ${why}`),
      ...byReason(needs.outside(node)).map(
        ({ stacks, why }) => `    to be there already, not selected: ${stacks}: ${why}`,
      ),
      ...byReason(needs.leftOut(node)).map(
        ({ stacks, why }) => `    not after ${stacks}, needed there as well: ${why}`,
      ),
    ]),
    "",
  ]);
  const outside = new Set(order.outside.map(({ to }) => to)).size;
  const aside =
    outside === 0
      ? ""
      : ` They need ${countOf(outside, "stack")} more that ${outside === 1 ? "is" : "are"} not selected.`;
  const summary = `${countOf(selected.length, "stack")} of ${output} in ${countOf(order.layers.length, "layer")}, one after the other.${aside} Nothing was run.`;
  return [...lines, summary].map(oneLine);
}

/** How many stacks that are needed for one reason a terminal shows; the JSON has all. */
const MOST_NAMED = 5;

/** What is needed for the same reason in one line: the guardrails of a zone come after hundreds of accounts. */
function byReason(needs: readonly StackNeed[]): { readonly stacks: string; readonly why: string }[] {
  const groups = new Map<string, string[]>();
  for (const { why, to } of needs) {
    const known = groups.get(why);
    if (known === undefined) groups.set(why, [to]);
    else known.push(to);
  }
  return [...groups].map(([why, names]) => {
    const more = names.length - MOST_NAMED;
    return { why, stacks: `${names.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}` };
  });
}

/** The same for programs: `orgkeys/dry-run/v1`. */
export function dryRunJson({ output, selected, order }: DryRun): string {
  const whyOf = new Map(selected.map(({ node, why }) => [node.name, why]));
  const needs = needsByStack(order);
  const document: DryRunDocument = {
    schema: DRY_RUN_SCHEMA,
    output,
    layers: order.layers.length,
    stacks: order.layers.flatMap((layer, index) =>
      layer.map((node) => ({
        stack: node.name,
        layer: index,
        why: whyOf.get(node.name) ?? "",
        kind: node.kind,
        organization: node.organization,
        ou: node.ou ?? null,
        zone: node.zone,
        account: node.account ?? null,
        accountId: node.accountId,
        providers: node.providers,
        resources: node.resources,
        needs: needs.inside(node).map(needOf),
        needsOutside: needs.outside(node).map(needOf),
        needsLeftOut: needs.leftOut(node).map(needOf),
      })),
    ),
  };
  return JSON.stringify(document, null, 2);
}

function needOf({ to, hard, why }: StackNeed): DryRunDocument["stacks"][0]["needs"][0] {
  return { stack: to, hard, why };
}

function needsByStack({ needs, outside, leftOut }: RunOrder): {
  readonly inside: (node: StackNode) => readonly StackNeed[];
  readonly outside: (node: StackNode) => readonly StackNeed[];
  readonly leftOut: (node: StackNode) => readonly StackNeed[];
} {
  const of = (list: readonly StackNeed[]): ((node: StackNode) => readonly StackNeed[]) => {
    const byStack = new Map<string, StackNeed[]>();
    for (const need of list) {
      const known = byStack.get(need.from);
      if (known === undefined) byStack.set(need.from, [need]);
      else known.push(need);
    }
    return ({ name }) => byStack.get(name) ?? [];
  };
  return { inside: of(needs), outside: of(outside), leftOut: of(leftOut) };
}
