import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { StepContext, StepEnd, StepFailure } from "../steps/step";
import { checkMadeKeys } from "./check-made-keys";
import { countChanges } from "./count-changes";
import { isSameProcess } from "./process-start";
import { recoverKeys } from "./recover-keys";
import { assertOurs, recoverResources } from "./recover-resources";
import type { StackPlan } from "./run-parts";
import { PLAN_FILE } from "./run-record";
import { failureOf, isCut, nodeOf, type RunState, stepContext, urgent } from "./run-state";
import { schedule } from "./schedule";
import { warmProviderCache } from "./warm-provider-cache";

/**
 * Causes that something which is not there yet can have: a role to assume, a key to look up. With any other cause waiting for other
 * stacks would not help.
 */
const deferrableCauses: ReadonlyMap<string, string> = new Map([
  ["key-not-found", "a key that it looks up is not there yet"],
  ["role-not-assumed", "its role cannot be assumed yet"],
]);

const POLL_MS = 1000;

/**
 * Plans stacks, several at once and without regard to what they need: a plan changes nothing. What cannot be planned before
 * another stack is applied becomes `deferred`.
 *
 * @returns the stack that failed first, where one did
 */
export async function planStacks(names: readonly string[], run: RunState): Promise<string | undefined> {
  const { record, request, parts } = run;
  const failures = new Map<string, StepFailure>();
  let firstFailure: string | undefined;
  const chosen = new Set(names);
  const tasks = run.order.layers
    .flat()
    .filter(({ name }) => chosen.has(name))
    .map(({ name, providers }) => ({ name, providers, needs: [] }));
  await warmProviderCache(
    tasks.map(({ name }) => name),
    run,
  );
  const ends = await schedule(
    tasks,
    run.concurrency.plans,
    async (name) => {
      const failure = await planStack(name, run);
      if (failure === undefined) return true;
      // Whether it has to wait for another is known when all are planned.
      if (mayBeDeferred(name, failure, run)) failures.set(name, failure);
      else {
        fail(name, failure, run);
        if (!isOurWord(failure, run)) firstFailure ??= name;
      }
      return false;
    },
    () => parts.stop.level === 0 && (request.keepGoing || firstFailure === undefined),
  );
  for (const name of inOrder(failures.keys(), run)) {
    const failure = failures.get(name);
    if (failure === undefined) continue;
    const waitsFor = (run.hardNeeds.get(name) ?? []).find((need) => isStillToApply(need, run));
    if (waitsFor !== undefined) {
      record.changeStack(name, {
        status: "deferred",
        failure: undefined,
        note: `waits for ${waitsFor}, which is to be applied first: ${deferrableCauses.get(failure.cause) ?? failure.message}`,
      });
    } else if (
      (run.hardNeeds.get(name) ?? []).some((need) => ["waiting", "interrupted"].includes(record.stack(need).status))
    ) {
      // The run ended before anybody could tell whether what it needs has changes.
      record.changeStack(name, { status: "waiting", note: failure.message });
    } else {
      fail(name, failure, run);
      firstFailure ??= name;
    }
  }
  if (firstFailure !== undefined && !request.keepGoing) {
    const left = [...ends].filter(([, { kind }]) => kind === "left").map(([name]) => name);
    for (const name of left)
      record.changeStack(name, { status: "skipped", note: `not planned: ${firstFailure} failed` });
  }
  return firstFailure;
}

/** One stack's init and plan, or the plan that an earlier process saved. */
async function planStack(name: string, run: RunState): Promise<StepFailure | undefined> {
  const { record, parts } = run;
  const before = record.stack(name);
  const text = parts.textOf(name);
  const jsonSha256 = sha256(text);
  const saved = ["planned", "held"].includes(before.status) && before.jsonSha256 === jsonSha256 && hasPlan(name, run);
  if (!saved) removePlan(name, run);
  record.changeStack(name, { status: "planning", jsonSha256, failure: undefined, note: undefined, changes: undefined });
  if (!parts.isProved(name, text)) return changedMeanwhile();
  const former = await waitForFormer(name, run);
  if (former !== undefined) return former;
  const context = stepContext(run, name, urgent(parts.stop));
  const init = await parts.steps.init(context);
  note(name, "initMs", init, run);
  if (!init.ok) return init.failure;
  let read = await readPlan(name, text, saved, context, run);
  if ("failure" in read) return read.failure;
  if (before.applyStartedAt !== undefined) {
    const recovered = await recoverKeys(read.planned, before.applyStartedAt, run);
    if ("failure" in recovered) return recovered.failure;
    if (recovered.imported.length > 0) read = await readPlan(name, text, false, context, run);
    if ("failure" in read) return read.failure;
    const others = await recoverResources(read.planned, run);
    if ("failure" in others) return others.failure;
    if (others.imported) read = await readPlan(name, text, false, context, run);
    if ("failure" in read) return read.failure;
    const strange = await assertOurs(read.planned, run);
    if (strange !== undefined) return strange;
    const doubt = await checkMadeKeys(read.planned, before.applyStartedAt, undefined, run);
    if (doubt !== undefined) return doubt;
  }
  const changes = countChanges(read.planned.plan);
  run.unjudged.set(name, read.planned);
  if (changes.actions.create !== undefined || changes.actions.replace !== undefined) run.making.set(name, read.planned);
  run.planSha256.set(name, read.planSha256);
  record.changeStack(name, {
    status: read.changes ? "planned" : "unchanged",
    changes,
    applyStartedAt: undefined,
  });
  return undefined;
}

type ReadPlan =
  | { readonly planned: StackPlan; readonly planSha256: string; readonly changes: boolean }
  | { readonly failure: StepFailure };

/** @param saved whether the plan is there already: only one with changes is kept */
async function readPlan(
  name: string,
  text: string,
  saved: boolean,
  context: StepContext,
  run: RunState,
): Promise<ReadPlan> {
  const { steps, textOf } = run.parts;
  let changes = true;
  if (!saved) {
    const plan = await steps.plan(context);
    note(name, "planMs", plan, run);
    if (!plan.ok) return { failure: plan.failure };
    changes = plan.changes;
  }
  const shown = await steps.show(context);
  if (!shown.ok) return { failure: shown.failure };
  if (textOf(name) !== text) return { failure: changedMeanwhile() };
  const { plan, planSha256 } = shown;
  return { planned: { node: nodeOf(run, name), text, plan }, planSha256, changes };
}

function changedMeanwhile(): StepFailure {
  return failureOf(
    "plan",
    "json-changed",
    "cdk.tf.json changed after the zone proof was held against it",
    "let nothing write the output while a run reads it, and resume the run",
  );
}

/** Waits for a Terraform that went on when its orgkeys was killed: what it makes is not known before it ends. */
async function waitForFormer(name: string, { record, parts }: RunState): Promise<StepFailure | undefined> {
  const { process: former } = record.stack(name);
  while (former !== undefined && isSameProcess(former)) {
    if (parts.stop.level > 0) {
      return failureOf(
        "plan",
        "interrupted",
        `the Terraform of the run before still applies it (process ${former.pid})`,
        "wait until it has ended, and resume the run",
        true,
      );
    }
    record.changeStack(name, { note: `waits for process ${former.pid}, the Terraform of the run before` });
    await parts.clock.wait(POLL_MS, parts.stop);
  }
  return undefined;
}

function note(name: string, duration: "initMs" | "planMs", end: StepEnd, { record }: RunState): void {
  const { durations, attempts } = record.stack(name);
  record.changeStack(name, {
    durations: { ...durations, [duration]: end.durationMs },
    attempts: Math.max(attempts, end.attempts),
  });
}

/** What was interrupted because the run is to end has not failed. */
export function isOurWord(failure: StepFailure, { parts }: RunState): boolean {
  return isCut(failure) && parts.stop.level > 0;
}

function fail(name: string, failure: StepFailure, run: RunState): void {
  removePlan(name, run);
  run.record.changeStack(name, { status: isCut(failure) ? "interrupted" : "failed", failure });
}

function mayBeDeferred(name: string, { cause }: StepFailure, run: RunState): boolean {
  return deferrableCauses.has(cause) && (run.hardNeeds.get(name) ?? []).some((need) => mayStillChange(need, run));
}

/** Whether something may come of it in this run. */
function mayStillChange(need: string, run: RunState): boolean {
  return ["waiting", "planning", "interrupted"].includes(run.record.stack(need).status) || isStillToApply(need, run);
}

function isStillToApply(need: string, { record }: RunState): boolean {
  return ["planned", "deferred", "held", "applying"].includes(record.stack(need).status);
}

/** Needs first, so that what waits for a deferred stack is deferred too. */
function inOrder(names: Iterable<string>, run: RunState): string[] {
  const wanted = new Set(names);
  return run.order.layers.flat().flatMap(({ name }) => (wanted.has(name) ? [name] : []));
}

function hasPlan(name: string, { record }: RunState): boolean {
  return existsSync(join(record.folderOf(name), PLAN_FILE));
}

/** A plan holds what the state holds: it goes as soon as nothing is to be applied from it. */
export function removePlan(name: string, { record }: RunState): void {
  rmSync(join(record.folderOf(name), PLAN_FILE), { force: true });
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
