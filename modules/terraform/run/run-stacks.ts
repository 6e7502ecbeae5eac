import { applyCanaries } from "./apply-canaries";
import { applyStacks } from "./apply-stacks";
import { ask } from "./ask";
import { totalOf } from "./count-changes";
import { planStacks } from "./plan-stacks";
import { instantText } from "./run-id";
import type { RunReport } from "./run-report";
import type { RunState } from "./run-state";
import { hasPlan, removePlan } from "./saved-plan";

type Status = RunReport["status"];

/**
 * Plans, judges and applies the stacks of a run. What cannot be planned before other stacks are applied comes in rounds of its own,
 * each planned, judged and asked for as the first one.
 *
 * @param run a new one, or one that is resumed: stacks that are `applied`, or `unchanged` and judged, stay so; a plan that is there is used
 * @param isProduction whether a stack's account is of production: others are canaries first
 * @returns the report, as it is on the disk
 * @throws the disk's error, once everything that ran has ended
 */
export async function runStacks(run: RunState, isProduction: (stack: string) => boolean): Promise<RunReport> {
  const { record, parts } = run;
  const status = await rounds(run, isProduction);
  if (run.request.command === "apply") skipWhatNeverCame(run);
  record.change({ status, endedAt: instantText(parts.clock.now()) });
  return record.report;
}

async function rounds(run: RunState, isProduction: (stack: string) => boolean): Promise<Status> {
  const { record, request, parts } = run;
  const isStopped = (): boolean => parts.stop.level > 0;
  const unjudged = namesWith(run, "unchanged").filter((name) => hasPlan(name, run));
  let toPlan = [...namesWith(run, "waiting", "planned", "held"), ...unjudged];
  for (;;) {
    const failed = await planStacks(toPlan, run);
    if (isStopped() && isLeft(run, "waiting", "interrupted")) return "stopped";
    if (failed !== undefined && !request.keepGoing) return "failed";
    if (!(await passesGate(run))) return "held";
    if (request.command === "plan") return endOf(run);
    const canaries = await applyCanaries(run, isProduction);
    if (canaries !== "go-on" && canaries !== "approved") return canaries;
    const planned = namesWith(run, "planned");
    if (planned.length > 0) {
      if (isStopped()) return "stopped";
      if (canaries !== "approved" && !(await isConfirmed(planned, run))) return isStopped() ? "stopped" : "declined";
      const failedApply = await applyStacks(new Set(planned), run);
      if (isStopped() && isLeft(run, "planned", "deferred", "interrupted")) return "stopped";
      if (failedApply !== undefined && !request.keepGoing) return "failed";
    }
    toPlan = namesWith(run, "deferred").filter((name) =>
      (run.hardNeeds.get(name) ?? []).every((need) => ["applied", "unchanged"].includes(record.stack(need).status)),
    );
    if (toPlan.length === 0) return endOf(run);
    if (isStopped()) return "stopped";
  }
}

function isLeft(run: RunState, ...statuses: readonly string[]): boolean {
  return namesWith(run, ...statuses).length > 0;
}

/** Judges what was planned since the last time. What it stops is held, with its plan, until somebody allows it. */
async function passesGate(run: RunState): Promise<boolean> {
  const { record, parts, unjudged, passed } = run;
  const before = record.report.gate?.findings ?? [];
  const changesBefore = record.stacks
    .filter(({ stack, status }) => status === "applied" || passed.has(stack))
    .reduce((sum, { changes }) => sum + totalOf(changes), 0);
  const moreToCome = namesWith(run, "deferred").length > 0;
  const verdict = await parts.gate([...unjudged.values()], { changesBefore, moreToCome });
  const { open, mistakes } = verdict;
  record.change({ gate: { findings: [...before, ...verdict.findings], open, mistakes } });
  if (open > 0 || mistakes.length > 0) {
    for (const { stack, allowed, id, why } of verdict.findings) {
      if (allowed !== undefined || !unjudged.has(stack) || record.stack(stack).status === "held") continue;
      record.changeStack(stack, { status: "held", note: `${id}: ${why}` });
    }
    const found = new Set(verdict.findings.map(({ stack }) => stack));
    removeUnchanged(
      [...unjudged.keys()].filter((name) => !found.has(name)),
      run,
    );
    return false;
  }
  for (const name of unjudged.keys()) passed.add(name);
  removeUnchanged(unjudged.keys(), run);
  unjudged.clear();
  return true;
}

/** Until the gate has nothing to say of it, a plan that has nothing to do stays: so a resumed run knows that it has to be judged. */
function removeUnchanged(names: Iterable<string>, run: RunState): void {
  for (const name of names) if (run.record.stack(name).status === "unchanged") removePlan(name, run);
}

async function isConfirmed(planned: readonly string[], run: RunState): Promise<boolean> {
  const changes = planned.reduce((sum, name) => sum + totalOf(run.record.stack(name).changes), 0);
  const deferred = namesWith(run, "deferred").length;
  return ask({ kind: "apply", stacks: planned.length, changes, deferred }, run);
}

function namesWith({ record }: RunState, ...statuses: readonly string[]): string[] {
  return record.stacks.filter(({ status }) => statuses.includes(status)).map(({ stack }) => stack);
}

function endOf(run: RunState): Status {
  return namesWith(run, "failed", "interrupted").length > 0 ? "failed" : "done";
}

/** Deferred stacks whose needs failed: theirs is no plan that a later round would make. */
function skipWhatNeverCame({ record, hardNeeds }: RunState): void {
  for (const { stack, status } of record.stacks) {
    if (status !== "deferred") continue;
    const because = (hardNeeds.get(stack) ?? []).find((need) =>
      ["failed", "interrupted", "skipped"].includes(record.stack(need).status),
    );
    if (because !== undefined)
      record.changeStack(stack, { status: "skipped", note: `needs ${because}, which was not applied` });
  }
}
