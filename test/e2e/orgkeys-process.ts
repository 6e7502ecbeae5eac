import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Environment } from "./emulator";

/** How the command ended and what it printed. */
export interface OrgkeysEnd {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line, as a process of its own, while it runs. */
export interface OrgkeysProcess {
  readonly pid: number;
  readonly ended: Promise<OrgkeysEnd>;
  /** Both streams up to now. */
  printed(): string;
  /** To this process alone, as `kill` does; a terminal's Ctrl-C would reach its whole group. */
  kill(signal: "SIGINT" | "SIGKILL"): void;
}

const CLI = join(__dirname, "../../modules/cli/orgkeys.cjs");

/**
 * Starts `orgkeys` as users do.
 *
 * @param environment the whole one
 * @param shell a script that runs it as `"$@"`, to change what it finds: a disk that is full, for example
 */
export function startOrgkeys(words: readonly string[], environment: Environment, shell?: string): OrgkeysProcess {
  const command = [process.execPath, CLI, ...words];
  const [program = "", ...rest] = shell === undefined ? command : ["bash", "-c", shell, "bash", ...command];
  const child = spawn(program, rest, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const printed = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    printed.stdout += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    printed.stderr += chunk.toString("utf8");
  });
  return {
    pid: child.pid ?? 0,
    ended: endOf(child).then((code) => ({ code, ...printed })),
    printed: () => printed.stdout + printed.stderr,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

function endOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // A Terraform that outlives a killed orgkeys has none of its pipes, so this comes at once then, too.
    child.once("close", (code) => resolve(code ?? undefined));
  });
}
