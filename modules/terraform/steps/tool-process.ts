import { type ChildProcess, spawn } from "node:child_process";
import type { StepContext, StopSignal } from "./step";

/** How a process ended. */
export interface ToolExit {
  /** Null when a signal ended it, or when it never began. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it was sent from here, the last of it. */
  readonly sent: "SIGINT" | "SIGKILL" | undefined;
  /** Why it never began. */
  readonly error: Error | undefined;
}

export interface ToolWatch {
  /** A file's descriptor, or what takes the output as it comes. */
  readonly stdout: number | ((chunk: Buffer) => void);
  readonly stderr: number | ((chunk: Buffer) => void);
  /** The stop level at which it is sent SIGINT, once: a second one makes Terraform end without its state. */
  readonly interruptAt: StopSignal["level"];
  readonly onStart: (pid: number, kill: () => void) => void;
  /** Now and then while it runs. */
  readonly onTick?: () => void;
}

const TICK_MS = 250;

const KILL_AT: StopSignal["level"] = 3;

/**
 * Starts the tool in the stack's folder, in a process group of its own: an interrupt at the terminal does not reach it, and when
 * orgkeys is killed, it goes on and writes its state.
 */
export function runTool(context: StepContext, args: readonly string[], watch: ToolWatch): Promise<ToolExit> {
  return new Promise((resolve) => {
    const child = spawn(context.tool.program, args, {
      cwd: context.directory,
      env: context.environment,
      detached: true,
      stdio: ["ignore", outputOf(watch.stdout), outputOf(watch.stderr)],
    });
    if (typeof watch.stdout === "function") child.stdout?.on("data", watch.stdout);
    if (typeof watch.stderr === "function") child.stderr?.on("data", watch.stderr);
    let sent: ToolExit["sent"];
    const stop = (level: StopSignal["level"]): void => {
      if (level >= KILL_AT) {
        sent = "SIGKILL";
        killGroup(child);
      } else if (level >= watch.interruptAt && sent === undefined) {
        sent = "SIGINT";
        // The process alone: Terraform asks its providers to end, and they ignore the signal.
        child.kill("SIGINT");
      }
    };
    const unsubscribe = context.stop.onChange(stop);
    const timer = setInterval(() => watch.onTick?.(), TICK_MS);
    const settle = (exit: Omit<ToolExit, "sent">): void => {
      clearInterval(timer);
      unsubscribe();
      resolve({ ...exit, sent });
    };
    child.once("error", (error) => {
      if (child.pid === undefined) settle({ code: null, signal: null, error });
    });
    child.once("close", (code, signal) => {
      // A Terraform that was killed leaves its providers behind, 600 MB each, and nobody listens to them any more.
      if (signal !== null) killGroup(child);
      settle({ code, signal, error: undefined });
    });
    if (child.pid === undefined) return;
    watch.onStart(child.pid, () => killGroup(child));
    stop(context.stop.level);
  });
}

function outputOf(target: ToolWatch["stdout"]): number | "pipe" {
  return typeof target === "function" ? "pipe" : target;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
