import { createInterface } from "node:readline";
import { styleText } from "node:util";
import { formatProblem, type Problem } from "../organization/problem";
import { countOf } from "../report/check-outcome";
import type { OutputProblem } from "../terraform/graph/list-output";

/** The process's streams, for commands to print to: they never touch the process themselves. */
export interface Terminal {
  /** Results: what a pipe wants. */
  print(...lines: readonly string[]): void;
  /** Everything else: problems, progress, hints. */
  note(...lines: readonly string[]): void;
  /** A line that the next one replaces; nothing at all unless a person watches. */
  progress(line: string): void;
  emphasize(text: string): string;
  /**
   * Asks a person; undefined where there is none.
   *
   * @param end when the answer does not matter any more: it is empty then
   */
  readonly ask?: ((question: string, end: AbortSignal) => Promise<string>) | undefined;
}

export function terminalOf(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
  stdin?: NodeJS.ReadStream,
): Terminal {
  const colour = stdout.isTTY === true && (environment.NO_COLOR ?? "") === "";
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write("\r\u001b[K");
    shown = false;
  };
  return {
    print(...lines) {
      clear();
      for (const line of lines) stdout.write(`${line}\n`);
    },
    note(...lines) {
      clear();
      for (const line of lines) stderr.write(`${line}\n`);
    },
    progress(line) {
      if (stderr.isTTY !== true) return;
      stderr.write(`\r\u001b[K${line}`);
      shown = true;
    },
    emphasize: (text) => (colour ? styleText("bold", text) : text),
    ask:
      stdin?.isTTY === true && stderr.isTTY === true
        ? (question, end) => askOn(stdin, stderr, question, end)
        : undefined,
  };
}

/**
 * On the standard error, so that the standard output is the result alone. A terminal that is closed, or interrupted, gives no answer.
 * It keeps its own line editing: to put one back that is closed is an error that nobody could catch.
 */
function askOn(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  question: string,
  end: AbortSignal,
): Promise<string> {
  return new Promise((resolve) => {
    const reader = createInterface({ input, output, terminal: false });
    const done = (answer: string): void => {
      end.removeEventListener("abort", cancel);
      input.removeListener("error", cancel);
      // Before the close, which says at once that there is no answer.
      resolve(answer);
      reader.close();
    };
    const cancel = (): void => done("");
    end.addEventListener("abort", cancel);
    reader.once("close", cancel);
    // What is read from a terminal that is closed is an error, for as long as anybody reads.
    input.once("error", cancel);
    reader.question(question, done);
  });
}

/**
 * Problems of the map and of the output, each on its line, and how many there are.
 *
 * @param end what came of it
 */
export function reportProblems(terminal: Terminal, problems: readonly Problem[], end = "Nothing was written."): void {
  terminal.note(...problems.map(formatProblem), "", `${countOf(problems.length, "problem")}. ${end}`);
}

/** What is wrong with a file of the output as a whole. */
export function inFile(problem: OutputProblem): Problem {
  return { ...problem, line: 1, column: 1, path: "" };
}
