import { tmpdir } from "node:os";
import { join } from "node:path";
import { countOf } from "../report/check-outcome";
import type { AffectedReport } from "../terraform/affected/affected-report";
import { type AffectedStack, affectedStacks } from "../terraform/affected/affected-stacks";
import { dependentsOf } from "../terraform/affected/dependents";
import { folderOf, type OpenedOutput, type OpenSettings, openOutput } from "../terraform/affected/open-output";
import { comparedFolder } from "../terraform/affected/stack-files";
import { listOutput } from "../terraform/graph/list-output";
import { readGraph } from "../terraform/graph/read-graph";
import type { StackGraph } from "../terraform/graph/stack-node";
import type { Terminal } from "./terminal";

export interface CompareFlags {
  /** The folder of the map, as the user wrote it: for commits that have to be synthesized. */
  readonly config: string;
  /** The output folder, as the user wrote it. */
  readonly out: string;
  readonly today?: string;
}

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
  return onOutputs(base, head, flags, terminal, (before, after) => {
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
  const found = await onOutputs(base, undefined, flags, terminal, (before, after) => compare(before, after, terminal));
  if (found === undefined) return undefined;
  return new Map(found.affected.flatMap(({ after, summary }) => (after === undefined ? [] : [[after, summary]])));
}

/** Opens both sides for as long as they are used. */
async function onOutputs<Result>(
  base: string,
  head: string | undefined,
  flags: CompareFlags,
  terminal: Terminal,
  use: (before: OpenedOutput, after: OpenedOutput) => Result | undefined,
): Promise<Result | undefined> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const settings: OpenSettings = {
    config: flags.config,
    out: flags.out,
    today: flags.today,
    folder: process.cwd(),
    tool: join(__dirname, "../.."),
    node: process.execPath,
    environment: process.env,
    temporary: tmpdir(),
    signal: stop.signal,
    tell: (line) => terminal.note(line),
  };
  const opened: OpenedOutput[] = [];
  const open = async (name: string): Promise<OpenedOutput | undefined> => {
    const output = await openOutput(name, head ?? "HEAD", settings);
    if ("problem" in output) terminal.note(output.problem);
    else {
      opened.push(output);
      terminal.note(...output.notes);
      return output;
    }
  };
  try {
    const before = await open(base);
    if (before === undefined) return undefined;
    const after = head === undefined ? folderOf(flags.out) : await open(head);
    if (after === undefined) return undefined;
    const result = use(before, after);
    // Comparing lets nothing else in: whoever has pressed Ctrl-C meanwhile is heard here.
    await new Promise((heard) => setImmediate(heard));
    if (!stop.signal.aborted) return result;
    terminal.note("Stopped: nothing is told.");
    return undefined;
  } finally {
    for (const output of opened) output.close();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

interface Comparison {
  /** How many stacks there are after the change. */
  readonly stacks: number;
  readonly affected: readonly AffectedStack[];
}

function compare(before: OpenedOutput, after: OpenedOutput, terminal: Terminal): Comparison | undefined {
  const [old, fresh] = [listOutput(before.folder), listOutput(after.folder)];
  const problems = [
    ...old.problems.map((problem) => ({ ...problem, side: before })),
    ...fresh.problems.map((problem) => ({ ...problem, side: after })),
  ];
  if (problems.length > 0) {
    terminal.note(
      ...problems.map(({ file, message, fix, side }) =>
        side.commit === undefined
          ? `${file}: ${message}; ${fix}`
          : `${side.name}: ${file.replace(side.folder, "its output")} ${message}; ${fix}`,
      ),
      "",
      `${countOf(problems.length, "problem")}. Nothing was compared.`,
    );
    return undefined;
  }
  const affected = affectedStacks(
    comparedFolder(before.folder, old.stacks),
    comparedFolder(after.folder, fresh.stacks),
    (stack, done, total) => terminal.progress(`${done}/${total}  ${stack}`),
  );
  return { stacks: fresh.stacks.length, affected };
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
