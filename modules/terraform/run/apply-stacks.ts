import type { StepContext, StepEnd, StepFailure } from "../steps/step";
import { checkMadeKeys } from "./check-made-keys";
import { instantText } from "./run-id";
import { failureOf, isCut, isOurWord, type RunState, stepContext } from "./run-state";
import { removePlan } from "./saved-plan";
import { schedule, type Task } from "./schedule";
import { sha256 } from "./sha256";

/**
 * Applies exactly the plans that passed the gate, in the order of needs. A stack behind one that is not applied, for whatever
 * reason, is not applied either.
 *
 * @param chosen of these; those that have nothing to do count as applied
 * @returns the stack that failed first, where one did
 */
export async function applyStacks(chosen: ReadonlySet<string>, run: RunState): Promise<string | undefined> {
  const { record, request, parts, passed } = run;
  let firstFailure: string | undefined;
  const toApply = (name: string): boolean =>
    record.stack(name).status === "planned" && chosen.has(name) && passed.has(name);
  const tasks = run.order.layers.flat().map(
    ({ name, providers }): Task => ({
      name,
      providers: toApply(name) ? providers : 0,
      needs: run.needs.get(name) ?? [],
    }),
  );
  const ends = await schedule(
    tasks,
    run.concurrency.applies,
    async (name) => {
      if (!toApply(name)) return ["applied", "unchanged"].includes(record.stack(name).status);
      const failure = await applyStack(name, run);
      if (failure !== undefined && !isOurWord(failure, run)) firstFailure ??= name;
      return failure === undefined;
    },
    () => parts.stop.level === 0 && (request.keepGoing || firstFailure === undefined),
  );
  for (const [name, end] of ends) {
    if (!toApply(name)) continue;
    if (end.kind === "skipped") skipBehind(name, end.because, run);
    else if (end.kind === "left" && firstFailure !== undefined) {
      record.changeStack(name, { note: `not begun: ${firstFailure} failed` });
    }
  }
  return firstFailure;
}

/** What waits for a deferred stack stays planned: it is applied after it. */
function skipBehind(name: string, because: string, run: RunState): void {
  const { status } = run.record.stack(because);
  if (!["failed", "interrupted", "skipped"].includes(status)) return;
  // What it looks up may be another thing by the time its turn comes.
  removePlan(name, run);
  run.record.changeStack(name, { status: "skipped", note: `needs ${because}, which ${wordFor(status)}` });
}

function wordFor(status: string): string {
  return status === "failed" ? "failed" : `was ${status}`;
}

async function applyStack(name: string, run: RunState): Promise<StepFailure | undefined> {
  const { record, parts } = run;
  const { jsonSha256 } = record.stack(name);
  if (sha256(parts.textOf(name)) !== jsonSha256) {
    removePlan(name, run);
    return fail(
      name,
      failureOf(
        "apply",
        "json-changed",
        "cdk.tf.json is not what was planned",
        "nothing was changed: resume the run, which plans it anew",
      ),
      run,
    );
  }
  const planSha256 = run.planSha256.get(name);
  if (planSha256 === undefined) throw new Error(`the plan of ${name} was not read`);
  const applyStartedAt = instantText(parts.clock.now());
  record.changeStack(name, { status: "applying", applyStartedAt, failure: undefined, note: undefined }, "now");
  const made = new Map<string, string>();
  const end: StepEnd = await parts.steps.apply(noting(made, stepContext(run, name)), planSha256);
  const planned = run.making.get(name);
  run.making.delete(name);
  const doubt =
    planned === undefined || made.size === 0 ? undefined : await checkMadeKeys(planned, applyStartedAt, made, run);
  const { durations, attempts } = record.stack(name);
  const told = {
    durations: { ...durations, applyMs: end.durationMs },
    attempts: Math.max(attempts, end.attempts),
    process: undefined,
  };
  removePlan(name, run);
  run.unjudged.delete(name);
  if (end.ok && doubt !== undefined) {
    record.changeStack(name, told);
    return fail(name, doubt, run);
  }
  if (end.ok) {
    record.changeStack(name, { ...told, status: "applied", applyStartedAt: undefined }, "now");
    return undefined;
  }
  // Where nothing can be in AWS that no state has, there is nothing to look for later.
  const isKnown = !end.failure.uncertain && end.failure.unfinished.length === 0 && doubt === undefined;
  record.changeStack(name, { ...told, ...(isKnown ? { applyStartedAt: undefined } : {}) });
  return fail(name, doubt === undefined ? end.failure : both(end.failure, doubt), run);
}

/** Ids of what an apply says that it has made. */
function noting(made: Map<string, string>, context: StepContext): StepContext {
  return {
    ...context,
    onEvent: (event) => {
      if (event.kind === "resource" && event.id !== undefined) made.set(event.address, event.id);
      context.onEvent(event);
    },
  };
}

function both(failure: StepFailure, doubt: StepFailure): StepFailure {
  return {
    ...failure,
    message: `${failure.message}\n${doubt.message}`,
    whatToDo: `${failure.whatToDo}; ${doubt.whatToDo}`,
    uncertain: true,
  };
}

function fail(name: string, failure: StepFailure, { record }: RunState): StepFailure {
  record.changeStack(name, { status: isCut(failure) ? "interrupted" : "failed", failure }, "now");
  return failure;
}
