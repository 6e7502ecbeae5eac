import type { SynthesizedStack } from "../../access/synthesized-stack";
import { nameOrder } from "../../aws/name-order";
import { listOutput, type OutputProblem } from "./list-output";
import { readStack, stackPath } from "./read-output";
import { stackNeeds } from "./stack-needs";
import type { StackGraph } from "./stack-node";
import { outlineOf, type StackOutline } from "./stack-outline";

/** The graph of an output, of which nothing is missing: otherwise there is none. */
export type ReadGraph = { readonly graph: StackGraph } | { readonly problems: readonly OutputProblem[] };

/**
 * The stacks of an output folder and what they need of each other, from the JSON that Terraform applies. One stack is in memory
 * at a time.
 *
 * @param onStack is told before each stack is read
 */
export function readGraph(out: string, onStack?: (stack: string, index: number, total: number) => void): ReadGraph {
  const listed = listOutput(out);
  if (listed.problems.length > 0) return { problems: listed.problems };
  const unread: OutputProblem[] = [];
  function* stacks(): Generator<SynthesizedStack> {
    for (const [index, stack] of listed.stacks.entries()) {
      onStack?.(stack, index, listed.stacks.length);
      try {
        yield readStack(out, stack);
      } catch (error) {
        const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
        unread.push({ file: stackPath(out, stack), message, fix: "let whoever runs orgkeys read it" });
      }
    }
  }
  const read = graphOf(stacks(), (stack) => stackPath(out, stack));
  const problems = [...unread, ...("problems" in read ? read.problems : [])];
  return problems.length > 0 ? { problems: problems.sort((a, b) => nameOrder(a.file, b.file)) } : read;
}

/**
 * The graph of these stacks, whichever order they come in.
 *
 * @param fileOf names the file of a stack, for problems
 */
export function graphOf(stacks: Iterable<SynthesizedStack>, fileOf: (stack: string) => string): ReadGraph {
  const outlines: StackOutline[] = [];
  const problems: OutputProblem[] = [];
  for (const stack of stacks) {
    const outline = outlineOf(stack);
    if (!("problems" in outline)) outlines.push(outline);
    else {
      const file = fileOf(stack.name);
      problems.push(...outline.problems.map((message) => ({ file, message, fix: "synthesize again" })));
    }
  }
  if (problems.length > 0) return { problems };
  outlines.sort((a, b) => nameOrder(a.node.name, b.node.name));
  return { graph: { nodes: new Map(outlines.map(({ node }) => [node.name, node])), needs: stackNeeds(outlines) } };
}
