import { join, resolve } from "node:path";
import type { PlanRemark } from "../gate/plan-remark";
import { undoPlan } from "../gate/undo-plan";
import { countOf } from "../report/check-outcome";
import type { ReviewOutput } from "../review/review-outputs";
import { stackText } from "../terraform/graph/read-output";
import { concurrencyOf } from "../terraform/run/concurrency";
import { type PlannedStack, readPlans } from "../terraform/run/read-plans";
import { isRunId } from "../terraform/run/run-id";
import { showPlan } from "../terraform/steps/show-plan";
import { findRunTool } from "./find-run-tool";
import { thisMachine } from "./machine";
import type { RunFlags } from "./run-options";
import { readRunReport } from "./select-run";
import { stopOnSignals } from "./stop-on-signals";
import { systemClock } from "./system-clock";
import type { Terminal } from "./terminal";

/** Both sides of what a run's plans do: what AWS and the states have, and the reviewed JSON. */
export interface RunOutputs {
  readonly base: ReviewOutput;
  readonly head: ReviewOutput;
  /** What the two sides cannot say. */
  readonly remarks: readonly PlanRemark[];
}

/**
 * Reads the saved plans of a run. A stack whose plan nobody can read is on neither side, and remarked on.
 *
 * @param run an id, or a run's folder
 * @returns undefined when there is no run that can be read: every reason is then on the terminal
 */
export async function outputsOfRun(
  run: string,
  flags: Pick<RunFlags, "out" | "runs" | "terraform">,
  terminal: Terminal,
): Promise<RunOutputs | undefined> {
  const folder = isRunId(run) ? join(flags.runs, run) : run;
  const report = readRunReport(folder);
  if (report === undefined) {
    terminal.note(`--run ${run}: ${folder} has no report of a run; name a run's id or its folder`);
    return undefined;
  }
  if (resolve(report.out) !== resolve(flags.out)) {
    terminal.note(`--run ${run}: it is a run of the output ${report.out}; give --out ${report.out}`);
    return undefined;
  }
  const shown = report.stacks.filter(({ status }) => status === "planned" || status === "held");
  const textOf = (stack: string): string => readText(stack, flags.out) ?? "{}";
  const tool = await findRunTool(
    shown.map(({ stack }) => stack),
    textOf,
    flags,
  );
  if ("problems" in tool) {
    terminal.note(...tool.problems.map(({ message, whatToDo }) => `${message}; ${whatToDo}`));
    terminal.note("", `${countOf(tool.problems.length, "problem")}. Nothing was reviewed.`);
    return undefined;
  }
  const clock = systemClock();
  const { stop, release } = stopOnSignals(
    process,
    () => clock.now(),
    () => terminal.note("Ending: nothing is told."),
  );
  try {
    const stacks = await readPlans(report, {
      ...tool,
      folder,
      out: flags.out,
      bounds: concurrencyOf(thisMachine()).plans,
      clock,
      stop,
      show: showPlan,
      onStack: (stack, done, total) => terminal.progress(`${done}/${total}  ${stack}`),
    });
    return stop.level === 0 ? sidesOf(report.id, stacks, flags.out) : undefined;
  } finally {
    release();
  }
}

/** Of what changes alone both texts are kept: of all else there is one, on the disk. */
function sidesOf(id: string, stacks: readonly PlannedStack[], out: string): RunOutputs {
  const remarks: PlanRemark[] = [];
  const base = new Map<string, string>();
  const head = new Map<string, string>();
  const names: string[] = [];
  for (const planned of stacks) {
    const { stack } = planned;
    if ("unread" in planned) {
      const whatToDo = "plan it, and review that plan as well";
      remarks.push({ id: "stack-unreadable", stack, address: undefined, what: planned.unread, whatToDo });
      continue;
    }
    names.push(stack);
    if (planned.plan === undefined) continue;
    const undone = undoPlan({ name: stack, text: planned.text, plan: planned.plan });
    remarks.push(...undone.remarks);
    base.set(stack, undone.text);
    head.set(stack, planned.text);
  }
  const side = (name: string, texts: ReadonlyMap<string, string>): ReviewOutput => ({
    name,
    commit: undefined,
    stacks: names,
    textOf: (stack) => texts.get(stack) ?? readText(stack, out),
  });
  return { base: side(`before run ${id}`, base), head: side(`run ${id}`, head), remarks };
}

function readText(stack: string, out: string): string | undefined {
  try {
    return stackText(out, stack);
  } catch {
    return undefined;
  }
}
