import { run } from "../../modules/cli/main";
import type { Terminal } from "../../modules/cli/terminal";

export interface Recorded {
  readonly code: number;
  readonly printed: string;
  readonly noted: string;
}

/** Runs one command line as a pipe would see it. */
export function orgkeys(...words: string[]): Recorded {
  const printed: string[] = [];
  const noted: string[] = [];
  const terminal: Terminal = {
    print: (...lines) => printed.push(...lines),
    note: (...lines) => noted.push(...lines),
    progress: () => undefined,
    emphasize: (text) => text,
  };
  const code = run(words, terminal);
  return { code, printed: printed.join("\n"), noted: noted.join("\n") };
}
