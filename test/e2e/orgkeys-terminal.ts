import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Environment } from "./emulator";
import { eventually } from "./live-runs";

/** The command line at a terminal of its own, and whoever sits there. */
export interface OrgkeysTerminal {
  /** Everything that the terminal has shown, with its control sequences. */
  shown(): string;
  /** Waits until the terminal shows it, after what was waited for before. */
  sees(text: string): Promise<void>;
  /** Types a line; `\u0003` is Ctrl-C. */
  types(text: string): void;
  /** Closes the terminal's window. */
  closes(): void;
  /** The exit code, or undefined when a signal ended it. */
  readonly ended: Promise<number | undefined>;
}

const CLI = join(__dirname, "../../modules/cli/orgkeys.cjs");

/** Python has pseudo-terminals, and is there wherever the emulator is. */
const AT_TERMINAL = `
import os, pty, sys
ended = os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:]))
sys.exit(ended if ended >= 0 else 128 - ended)
`;

/** @param environment the whole one */
export function startAtTerminal(words: readonly string[], environment: Environment): OrgkeysTerminal {
  const command = [process.execPath, CLI, ...words];
  const child = spawn("python3", ["-c", AT_TERMINAL, ...command], {
    env: { ...environment, TERM: "xterm" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let shown = "";
  let seen = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    shown += chunk.toString("utf8");
  });
  return {
    shown: () => shown,
    sees: async (text) => {
      await eventually(`${text}\nafter ${shown.slice(seen)}`, () => shown.includes(text, seen), 240_000);
      seen = shown.indexOf(text, seen) + text.length;
    },
    types: (text) => {
      child.stdin.write(text);
    },
    closes: () => {
      child.kill("SIGHUP");
    },
    ended: new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? undefined));
    }),
  };
}
