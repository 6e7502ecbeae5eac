import type { AffectedReport } from "../terraform/affected/affected-report";
import { type AffectedStack, affectedStacks } from "../terraform/affected/affected-stacks";
import { dependentsOf } from "../terraform/affected/dependents";
import type { OpenedOutput } from "../terraform/affected/open-output";
import { comparedFolder } from "../terraform/affected/stack-files";
import { readGraph } from "../terraform/graph/read-graph";
import type { StackGraph } from "../terraform/graph/stack-node";
import { type CompareFlags, listBoth, onOutputs } from "./open-outputs";
import type { Terminal } from "./terminal";

/**
 * What a change touches, from BASE to HEAD, each the folder of an output or a commit. Whatever is made for a commit is gone
 * afterwards, also after Ctrl-C.
 *
 * @param base as in `main`, or in `main...` for where it and HEAD parted
 * @param head undefined for the output folder as it is
 * @returns undefined when there is nothing that can be compared: every reason is then on the terminal
 */
export function findAffected(
  base: string,
  head: string | undefined,
  flags: CompareFlags,
  terminal: Terminal,
): Promise<AffectedReport | undefined> {
  return onOutputs(base, head, flags, "own", terminal, (before, after) => {
    const found = compare(before, after, terminal);
    return found === undefined ? undefined : reportOf(before, after, found, terminal);
  });
}

/**
 * The affected stacks that are in the output folder, for `plan --affected BASE`: each with one line on why.
 *
 * @returns undefined when there is nothing that can be compared: every reason is then on the terminal
 */
export async function affectedNames(
  base: string,
  flags: CompareFlags,
  terminal: Terminal,
): Promise<ReadonlyMap<string, string> | undefined> {
  const found = await onOutputs(base, undefined, flags, "own", terminal, (before, after) =>
    compare(before, after, terminal),
  );
  if (found === undefined) return undefined;
  return new Map(found.affected.flatMap(({ after, summary }) => (after === undefined ? [] : [[after, summary]])));
}

interface Comparison {
  /** How many stacks there are after the change. */
  readonly stacks: number;
  readonly affected: readonly AffectedStack[];
}

function compare(before: OpenedOutput, after: OpenedOutput, terminal: Terminal): Comparison | undefined {
  const listed = listBoth(before, after, terminal);
  if (listed === undefined) return undefined;
  const affected = affectedStacks(
    comparedFolder(before.folder, listed.before),
    comparedFolder(after.folder, listed.after),
    (stack, done, total) => terminal.progress(`${done}/${total}  ${stack}`),
  );
  return { stacks: listed.after.length, affected };
}

/** With what depends on the affected stacks, for which all others are read too. */
function reportOf(
  before: OpenedOutput,
  after: OpenedOutput,
  { stacks, affected }: Comparison,
  terminal: Terminal,
): AffectedReport {
  const isGone = affected.some((stack) => stack.after === undefined);
  const graph = graphOf(after, terminal);
  const graphBefore = isGone ? graphOf(before, terminal) : undefined;
  const isKnown = graph !== undefined && (!isGone || graphBefore !== undefined);
  return {
    before,
    after,
    stacks,
    affected,
    dependents: isKnown ? dependentsOf(affected, graph, graphBefore) : undefined,
    graph,
    shard: undefined,
  };
}

/** Undefined, and why, when a stack cannot be read: what is affected can be told all the same. */
function graphOf({ folder }: OpenedOutput, terminal: Terminal): StackGraph | undefined {
  const read = readGraph(folder, (stack, index, total) => terminal.progress(`${index + 1}/${total}  ${stack}`));
  if ("graph" in read) return read.graph;
  terminal.note(
    ...read.problems.map(
      ({ file, message, fix }) => `${file.replace(folder, "").replace(/^\//, "")}: ${message}; ${fix}`,
    ),
  );
  return undefined;
}
