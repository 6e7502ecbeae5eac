import { tmpdir } from "node:os";
import { join } from "node:path";
import { countOf } from "../report/check-outcome";
import {
  type FoundOutput,
  findOutput,
  folderOf,
  type OpenedOutput,
  type OpenSettings,
  openOutput,
  uncommitted,
} from "../terraform/affected/open-output";
import type { SynthesizedBy } from "../terraform/affected/synthesize-commit";
import { listOutput } from "../terraform/graph/list-output";
import type { Terminal } from "./terminal";

export interface CompareFlags {
  /** The folder of the map, as the user wrote it: for commits that have to be synthesized. */
  readonly config: string;
  /** The output folder, as the user wrote it. */
  readonly out: string;
  readonly today?: string;
}

/**
 * Opens both sides of a comparison for as long as they are used. Whatever is made for a commit is gone afterwards, also after
 * Ctrl-C.
 *
 * @param base as in `main`, or in `main...` for where it and HEAD parted
 * @param head undefined for the output folder as it is
 * @param code whose code synthesizes commits
 * @returns undefined when there is nothing that can be compared: every reason is then on the terminal
 */
export async function onOutputs<Result>(
  base: string,
  head: string | undefined,
  flags: CompareFlags,
  code: SynthesizedBy,
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
    code,
    node: process.execPath,
    environment: process.env,
    temporary: tmpdir(),
    signal: stop.signal,
    tell: (line) => terminal.note(line),
  };
  const opened: OpenedOutput[] = [];
  const open = async (found: FoundOutput): Promise<OpenedOutput | undefined> => {
    const output = await openOutput(found, settings);
    if ("problem" in output) terminal.note(output.problem);
    else {
      opened.push(output);
      terminal.note(...output.notes);
      return output;
    }
  };
  try {
    // Nobody should wait for one side to be synthesized to hear that there is no other.
    const foundBase = findOutput(base, head ?? "HEAD", settings);
    const foundHead = head === undefined ? { opened: folderOf(flags.out) } : findOutput(head, head, settings);
    if ("problem" in foundBase || "problem" in foundHead) {
      const problems = [foundBase, foundHead].flatMap((found) => ("problem" in found ? [found.problem] : []));
      terminal.note(...new Set(problems));
      return undefined;
    }
    const before = await open(foundBase);
    if (before === undefined) return undefined;
    if (head === "HEAD") terminal.note(...uncommitted(settings));
    const after = await open(foundHead);
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

/**
 * The names of the stacks of both sides.
 *
 * @returns undefined when one of them is no whole output: every reason is then on the terminal
 */
export function listBoth(
  before: OpenedOutput,
  after: OpenedOutput,
  terminal: Terminal,
): { readonly before: readonly string[]; readonly after: readonly string[] } | undefined {
  const [old, fresh] = [listOutput(before.folder), listOutput(after.folder)];
  const problems = [
    ...old.problems.map((problem) => ({ ...problem, side: before })),
    ...fresh.problems.map((problem) => ({ ...problem, side: after })),
  ];
  if (problems.length === 0) return { before: old.stacks, after: fresh.stacks };
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
