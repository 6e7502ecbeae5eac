import { applyStacks } from "./apply-stacks";
import { ask } from "./ask";
import { chooseCanaries } from "./choose-canaries";
import type { RunReport } from "./run-report";
import { allNeedsOf, failureOf, isCut, type RunState, stepContext, urgent } from "./run-state";
import { removePlan } from "./saved-plan";
import { schedule } from "./schedule";

/**
 * Applies the canaries of a run that has some, and plans them again: a canary that is not as its JSON says after its apply stops
 * the run, also with --keep-going.
 *
 * @returns go-on: there is none, or they are behind us. approved: somebody has seen them and wants the rest. Else how the run ends
 */
export async function applyCanaries(
  run: RunState,
  isProduction: (stack: string) => boolean,
): Promise<"go-on" | "approved" | RunReport["status"]> {
  const { record, request, parts } = run;
  const { canary, canaries: known } = record.report;
  if (known?.passed === true || (known === undefined && canary === 0)) return "go-on";
  const stacks = known?.stacks ?? chooseCanaries(canary, run, isProduction);
  if (stacks.length === 0) return "go-on";
  // To name canaries is to want them applied, also where nobody can be asked.
  if (parts.confirm !== undefined && !(await ask({ kind: "canaries", stacks }, run))) return "declined";
  record.change({ canaries: { stacks, passed: false } });
  const failed = await applyStacks(new Set([...stacks, ...allNeedsOf(stacks, run.needs)]), run);
  if (parts.stop.level > 0) return "stopped";
  if (failed !== undefined || !stacks.every((name) => ["applied", "unchanged"].includes(record.stack(name).status)))
    return "failed";
  if (!(await areAsTheirJson(stacks, run))) return parts.stop.level > 0 ? "stopped" : "failed";
  record.change({ canaries: { stacks, passed: true } });
  const left = record.stacks.filter(({ status }) => status === "planned" || status === "deferred").length;
  if (left === 0) return "go-on";
  if (!request.autoApprove && parts.confirm === undefined) return "waiting";
  if (await ask({ kind: "go-on", canaries: stacks, left }, run)) return "approved";
  return parts.stop.level > 0 ? "stopped" : "declined";
}

async function areAsTheirJson(stacks: readonly string[], run: RunState): Promise<boolean> {
  const { parts, record } = run;
  const tasks = stacks.map((name) => ({ name, needs: [], providers: record.stack(name).providers }));
  const ends = await schedule(
    tasks,
    run.concurrency.plans,
    async (name) => {
      const end = await parts.steps.plan(stepContext(run, name, urgent(parts.stop)));
      removePlan(name, run);
      if (end.ok && !end.changes) return true;
      if (!end.ok && isCut(end.failure)) return false;
      const failure = end.ok
        ? failureOf(
            "plan",
            "changes-after-apply",
            "the plan after the apply of this canary is not empty",
            "look at its plan.log for what does not stay as it was applied; nothing else was begun",
          )
        : end.failure;
      record.changeStack(name, { status: "failed", failure });
      return false;
    },
    () => parts.stop.level === 0,
  );
  return [...ends.values()].every(({ kind }) => kind === "done");
}
