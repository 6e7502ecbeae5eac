import type { PlanEnd, StepContext, StepEnd, StepFailure } from "../steps/step";
import { checkMadeKeys } from "./check-made-keys";
import { countChanges } from "./count-changes";
import { isSameProcess } from "./process-start";
import { recoverKeys } from "./recover-keys";
import { assertOurs, recoverResources } from "./recover-resources";
import type { StackPlan } from "./run-parts";
import type { StackReport } from "./run-report";
import { failureOf, nodeOf, type RunState, stepContext, urgent } from "./run-state";
import { hasPlan, removePlan } from "./saved-plan";
import { sha256 } from "./sha256";

const POLL_MS = 1000;

/**
 * One stack's init and plan, or the plan that an earlier process saved, with what a cut apply of it made taken into its state.
 *
 * @returns why there is none
 */
export async function makePlan(name: string, run: RunState): Promise<StepFailure | undefined> {
  const { record, parts } = run;
  const before = record.stack(name);
  const text = parts.textOf(name);
  const jsonSha256 = sha256(text);
  const saved = before.jsonSha256 === jsonSha256 && hasPlan(name, run) ? savedEnd(before) : undefined;
  if (saved === undefined) removePlan(name, run);
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
    if (recovered.imported.length > 0) read = await readPlan(name, text, undefined, context, run);
    if ("failure" in read) return read.failure;
    const others = await recoverResources(read.planned, run);
    if ("failure" in others) return others.failure;
    if (others.imported) read = await readPlan(name, text, undefined, context, run);
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

/** What Terraform said at the end of a plan that was saved. */
type SavedEnd = Pick<Extract<PlanEnd, { ok: true }>, "changes">;

type ReadPlan =
  | { readonly planned: StackPlan; readonly planSha256: string; readonly changes: boolean }
  | { readonly failure: StepFailure };

/** @returns undefined where a plan that is there was not read to its end */
function savedEnd({ status }: StackReport): SavedEnd | undefined {
  if (status === "unchanged") return { changes: false };
  return status === "planned" || status === "held" ? { changes: true } : undefined;
}

/** @param saved of a plan that is there already */
async function readPlan(
  name: string,
  text: string,
  saved: SavedEnd | undefined,
  context: StepContext,
  run: RunState,
): Promise<ReadPlan> {
  const { steps, textOf } = run.parts;
  let end = saved;
  if (end === undefined) {
    const planned = await steps.plan(context);
    note(name, "planMs", planned, run);
    if (!planned.ok) return { failure: planned.failure };
    end = planned;
  }
  const shown = await steps.show(context);
  if (!shown.ok) return { failure: shown.failure };
  if (textOf(name) !== text) return { failure: changedMeanwhile() };
  const { plan, planSha256 } = shown;
  return { planned: { node: nodeOf(run, name), text, plan }, planSha256, changes: end.changes };
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
  if (former === undefined || !isSameProcess(former)) return undefined;
  record.changeStack(name, { note: `waits for process ${former.pid}, the Terraform of the run before` });
  while (parts.stop.level === 0 && isSameProcess(former)) await parts.clock.wait(POLL_MS, parts.stop);
  record.changeStack(name, { note: undefined });
  if (!isSameProcess(former)) return undefined;
  return failureOf(
    "plan",
    "interrupted",
    `the Terraform of the run before still applies it (process ${former.pid})`,
    "wait until it has ended, and resume the run",
    true,
  );
}

function note(name: string, duration: "initMs" | "planMs", end: StepEnd, { record }: RunState): void {
  const { durations, attempts } = record.stack(name);
  record.changeStack(name, {
    durations: { ...durations, [duration]: end.durationMs },
    attempts: Math.max(attempts, end.attempts),
  });
}
