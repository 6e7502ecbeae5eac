import { run } from "../../modules/cli/main";
import type { Terminal } from "../../modules/cli/terminal";

export interface Recorded {
  readonly code: number;
  readonly printed: string;
  readonly noted: string;
}

/** Runs one command line as a pipe would see it: of a command that ends at once. */
export function orgkeys(...words: string[]): Recorded {
  const { terminal, recorded } = recording();
  const code = run(words, terminal);
  if (typeof code !== "number") throw new Error(`orgkeys ${words.join(" ")} takes its time: use orgkeysLater`);
  return recorded(code);
}

/** The same of any command. */
export async function orgkeysLater(...words: string[]): Promise<Recorded> {
  const { terminal, recorded } = recording();
  return recorded(await run(words, terminal));
}

function recording(): { readonly terminal: Terminal; readonly recorded: (code: number) => Recorded } {
  const printed: string[] = [];
  const noted: string[] = [];
  const terminal: Terminal = {
    print: (...lines) => printed.push(...lines),
    note: (...lines) => noted.push(...lines),
    progress: () => undefined,
    emphasize: (text) => text,
  };
  return { terminal, recorded: (code) => ({ code, printed: printed.join("\n"), noted: noted.join("\n") }) };
}
