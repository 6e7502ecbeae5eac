import type { StepFailure } from "../steps/step";
import { makePlan } from "./make-plan";
import { isCut, isOurWord, type RunState } from "./run-state";
import { removePlan } from "./saved-plan";
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
      const failure = await makePlan(name, run);
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
