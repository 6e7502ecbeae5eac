import { closeSync, fstatSync, statfsSync } from "node:fs";
import { explainError, explainFailure, interrupted } from "./explain-failure";
import { assertNothingBeside } from "./file-beside";
import { LogFollower } from "./follow-log";
import { LogReading } from "./log-reading";
import { logFile, makePrivateFolder, openPrivateLog } from "./private-files";
import { DEFAULT_ATTEMPTS, waitBefore, waited } from "./retry";
import type { StepContext, StepEnd, StepFailure, StepName, StopSignal } from "./step";
import { runTool, type ToolExit } from "./tool-process";

/** One step as Terraform's command line. */
export interface Step {
  readonly name: StepName;
  readonly args: readonly string[];
  /** What it exits with when all is well. */
  readonly good: readonly number[];
  /** The stop level at which it is interrupted: 2 for what changes something. */
  readonly interruptAt: StopSignal["level"];
  /** Whether its output tells of an end as well, where a code alone may mean something else. */
  readonly confirm?: (reading: LogReading) => boolean;
  /** Before each attempt. Throws what keeps it from being made. */
  readonly prepare?: () => void;
}

/** What one attempt came to. */
interface Attempt {
  readonly exit: ToolExit;
  readonly reading: LogReading;
}

/** Less than this and a Terraform is not started: it could not write its state any more. */
const FREE_BYTES = 32 * 1024 * 1024;

/**
 * Runs a step, and again when waiting helps: throttled, or the state is locked.
 *
 * An apply is tried again only while it has not begun to change anything. A saved plan belongs to one serial of the state: after the
 * first change that is written, Terraform refuses it as stale, and whatever is left has to be planned, and looked at, anew. So a change
 * that was throttled half-way is a failure, with a resumed run as its next step.
 *
 * @returns The exit code of the last attempt when it is a good one.
 */
export async function runStep(context: StepContext, step: Step): Promise<StepEnd<{ readonly code: number }>> {
  const began = context.clock.now();
  const allowed = context.attempts ?? DEFAULT_ATTEMPTS;
  for (let attempt = 1; ; attempt++) {
    const ended = (): { durationMs: number; attempts: number } => ({
      durationMs: context.clock.now() - began,
      attempts: attempt,
    });
    const failed = (failure: StepFailure): StepEnd<{ readonly code: number }> => ({ ok: false, ...ended(), failure });
    if (context.stop.level > 0) return failed(interrupted(step.name));
    let made: Attempt;
    try {
      made = await tryStep(context, step, attempt);
    } catch (error) {
      return failed(explainError(step.name, error, context));
    }
    const { exit, reading } = made;
    if (exit.code !== null && step.good.includes(exit.code) && (step.confirm?.(reading) ?? true)) {
      return { ok: true, ...ended(), code: exit.code };
    }
    const failure = explainFailure({ step: step.name, exit, reading, diskFull: isFull(context) }, context);
    if (!failure.transient || reading.hasChanged || attempt >= allowed) return failed(failure);
    const waitMs = waitBefore(attempt, context.clock);
    context.onEvent({ kind: "retry", step: step.name, cause: failure.cause, waitMs });
    if (!(await waited(waitMs, context.clock, context.stop))) return failed(failure);
  }
}

async function tryStep(context: StepContext, step: Step, attempt: number): Promise<Attempt> {
  makePrivateFolder(context.folder);
  assertSpace(context);
  assertNothingBeside(context);
  step.prepare?.();
  const path = logFile(context, step.name);
  const log = openPrivateLog(path);
  const reading = new LogReading(step.name);
  let follower: LogFollower | undefined;
  try {
    follower = new LogFollower(path, fstatSync(log).size, (line) => {
      const event = reading.add(line);
      if (event) context.onEvent(event);
    });
    const exit = await runTool(context, step.args, {
      stdout: log,
      stderr: log,
      interruptAt: step.interruptAt,
      onStart: (pid) => context.onEvent({ kind: "started", step: step.name, attempt, pid }),
      onTick: () => follower?.read(),
    });
    return { exit, reading };
  } finally {
    follower?.end();
    closeSync(log);
  }
}

/** @throws Error with the code ENOSPC */
function assertSpace(context: StepContext): void {
  if (isFull(context)) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
}

/** Where the logs and plans go, and where the stack is, whose state may be next to it. */
export function isFull(context: Pick<StepContext, "folder" | "directory">): boolean {
  return [context.folder, context.directory].some((folder) => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < FREE_BYTES;
  });
}
