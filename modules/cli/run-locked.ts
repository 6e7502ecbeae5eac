import { join, resolve } from "node:path";
import { concurrencyOf } from "../terraform/run/concurrency";
import { newReport } from "../terraform/run/new-report";
import { resumeReport } from "../terraform/run/resume-run";
import { instantText } from "../terraform/run/run-id";
import { takeRunLock } from "../terraform/run/run-lock";
import { RunRecord } from "../terraform/run/run-record";
import type { RunReport } from "../terraform/run/run-report";
import { runStacks } from "../terraform/run/run-stacks";
import { runState } from "../terraform/run/run-state";
import type { Clock } from "../terraform/steps/step";
import { lockHeld } from "./lock-held";
import { thisMachine } from "./machine";
import type { ReadyRun } from "./ready-run";
import { isProductionIn, runPartsOf } from "./run-parts-of";
import { runView } from "./run-view";
import { readResumed, selectionWords } from "./select-run";
import { stopOnSignals } from "./stop-on-signals";
import { systemClock } from "./system-clock";
import { tellRun } from "./tell-run";
import type { Terminal } from "./terminal";

/** Runs while it holds the output's lock, shows how far it is, hears whoever wants it to end, and tells what came of it. */
export async function runLocked(
  ready: ReadyRun,
  terminal: Terminal,
): Promise<RunReport | { readonly problems: readonly string[] }> {
  const { command, flags, scope, tool } = ready;
  const clock = systemClock();
  const id = scope.resumed?.report.id ?? ready.id;
  const lock = takeRunLock(flags.out, id);
  if ("holder" in lock) return { problems: [lockHeld(flags.out, lock)] };
  // Takes the line away that said which stack was read.
  terminal.note();
  const view = runView(
    process.stderr,
    scope.order.layers.flat().map(({ name, providers, resources }) => ({ stack: name, providers, resources })),
    () => clock.now(),
  );
  const { stop, release } = stopOnSignals(
    process,
    () => clock.now(),
    (line) => view.note(line),
  );
  try {
    const concurrency = concurrencyOf(thisMachine(), flags.concurrency);
    const begin = beginning(ready, id, (command === "plan" ? concurrency.plans : concurrency.applies).stacks, clock);
    if ("problems" in begin) return begin;
    const folder = scope.resumed?.folder ?? join(flags.runs, id);
    const record = new RunRecord(resolve(folder), begin.report, clock, {
      onStack: ({ stack, status }) => view.event(stack, { kind: "status", status }),
    });
    const run = runState({
      request: { command, keepGoing: flags.keepGoing === true, autoApprove: flags.autoApprove === true },
      order: scope.order,
      concurrency,
      ...tool,
      record,
      parts: runPartsOf(ready, { terminal, view, clock, stop, folder, audit: begin.report.audit === true }),
    });
    const report = await runStacks(run, isProductionIn(scope));
    view.pause();
    tellRun(report, folder, flags, terminal);
    return report;
  } finally {
    view.pause();
    release();
    lock.release();
  }
}

/** The report that a run begins with. */
function beginning(
  { command, globs, flags, scope, tool: { tool } }: ReadyRun,
  id: string,
  concurrency: number,
  clock: Clock,
): { readonly report: RunReport } | { readonly problems: readonly string[] } {
  const now = instantText(clock.now());
  if (flags.resume !== undefined) {
    // Whoever had the lock a moment ago has written the report since.
    const former = readResumed(flags.resume, flags, scope.graph);
    if ("problems" in former) return former;
    const { name, version } = tool;
    const canary = flags.canary ?? former.report.canary;
    return { report: { ...resumeReport(former.report, command, now), tool: { name, version }, canary } };
  }
  const about = {
    id,
    command,
    ...(flags.audit === true ? { audit: true as const } : {}),
    startedAt: now,
    tool,
    out: flags.out,
    config: flags.config,
    selection: selectionWords(globs, flags),
    concurrency,
    canary: flags.canary ?? 0,
  };
  const whyOf = new Map(scope.selected.map(({ node, why }) => [node.name, why]));
  return { report: newReport(about, scope.order, (stack) => whyOf.get(stack) ?? "") };
}
