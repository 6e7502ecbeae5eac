import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSynthesizedStack } from "../../../modules/access/read-synthesized-stack";
import { graphOf } from "../../../modules/terraform/graph/read-graph";
import type { StackGraph, StackNeed, StackNode } from "../../../modules/terraform/graph/stack-node";
import type { Output } from "../../checks/sample-output";

/** The graph of stacks in memory; they have to be readable. */
export function graphOfTexts(texts: ReadonlyMap<string, string>): StackGraph {
  const stacks = [...texts].map(([name, text]) => readSynthesizedStack(name, text));
  const read = graphOf(stacks, (stack) => stack);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems, null, 2));
  return read.graph;
}

/** Writes an output as CDKTF does, for as long as it is used. */
export function withFolder<Result>(output: Output, use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "orgkeys-graph-"));
  try {
    const stacks = [...output.texts].map(([name, text]) => {
      mkdirSync(join(folder, "stacks", name), { recursive: true });
      writeFileSync(join(folder, "stacks", name, "cdk.tf.json"), text);
      const workingDirectory = `stacks/${name}`;
      return [name, { name, workingDirectory, synthesizedStackPath: `${workingDirectory}/cdk.tf.json` }];
    });
    writeFileSync(join(folder, "manifest.json"), JSON.stringify({ stacks: Object.fromEntries(stacks) }));
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `acme.prod.shop`, in OU `Prod` of organization acme, with as many resources as asked for. */
export function accountNode(name: string, more: Partial<StackNode> = {}): StackNode {
  const [organization = "", ou = "", account = ""] = name.split(".");
  return {
    name,
    kind: "account",
    organization,
    ou: ou.charAt(0).toUpperCase() + ou.slice(1),
    zone: "corporate",
    account,
    accountId: "210000000001",
    state: "210000000001",
    providers: 1,
    resources: 10,
    ...more,
  };
}

/** A graph by hand: each need as `from > to`, or `from >> to` for a hard one. */
export function handGraph(nodes: readonly StackNode[], ...needs: readonly string[]): StackGraph {
  return {
    nodes: new Map(nodes.map((node) => [node.name, node])),
    needs: needs.map((text): StackNeed => {
      const [from = "", sign = "", to = ""] = text.split(" ");
      return { from, to, hard: sign === ">>", why: `${from} waits` };
    }),
  };
}
