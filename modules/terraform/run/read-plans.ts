import { join, resolve } from "node:path";
import { loadedBeside, stackText } from "../graph/read-output";
import type { PlanJson } from "../plan-json";
import type { Clock, ShowEnd, StepContext, StopSignal, TerraformTool, Variables } from "../steps/step";
import type { RunReport, StackReport } from "./run-report";
import { type Bounds, schedule } from "./schedule";
import { sha256 } from "./sha256";

/** A stack of a run with the JSON that was planned, and what its plan does, or why nobody can tell. */
export type PlannedStack = { readonly stack: string } & (
  | { readonly text: string /** Undefined for one that does nothing. */; readonly plan: PlanJson | undefined }
  | { readonly unread: string }
);

export interface ReadSettings {
  /** The run's folder. */
  readonly folder: string;
  /** The output folder. */
  readonly out: string;
  readonly tool: TerraformTool;
  readonly environment: Variables;
  readonly bounds: Bounds;
  readonly clock: Clock;
  readonly stop: StopSignal;
  readonly show: (context: StepContext) => Promise<ShowEnd>;
  /** Called for each stack that is read. */
  readonly onStack: (stack: string, done: number, total: number) => void;
}

/**
 * Reads what the saved plans of a run would do, as far as they are still there and their JSON is. Nothing is planned, and no state is
 * read.
 *
 * @returns in the order of the run
 */
export async function readPlans({ stacks }: RunReport, settings: ReadSettings): Promise<PlannedStack[]> {
  const read = new Map<string, PlannedStack>();
  const byName = new Map(stacks.map((stack) => [stack.stack, stack]));
  await schedule(
    stacks.map(({ stack, providers }) => ({ name: stack, providers, needs: [] })),
    settings.bounds,
    async (name) => {
      const report = byName.get(name);
      if (report !== undefined) read.set(name, await readPlan(report, settings));
      settings.onStack(name, read.size, stacks.length);
      return true;
    },
    () => settings.stop.level === 0,
  );
  return stacks.map(({ stack }) => read.get(stack) ?? { stack, unread: "was not read: somebody has ended it" });
}

async function readPlan(report: StackReport, settings: ReadSettings): Promise<PlannedStack> {
  const { stack, status } = report;
  const why = unplanned(report);
  if (why !== undefined) return { stack, unread: why };
  const text = textOf(stack, settings.out);
  if (text === undefined) return { stack, unread: "has a cdk.tf.json that cannot be read" };
  if (sha256(text) !== report.jsonSha256) {
    return { stack, unread: "has another cdk.tf.json than when it was planned" };
  }
  if (status === "unchanged") return { stack, text, plan: undefined };
  const shown = await settings.show(contextOf(stack, settings));
  return shown.ok
    ? { stack, text, plan: shown.plan }
    : { stack, unread: `has a plan that cannot be read: ${shown.failure.message}` };
}

/** Whether there is nothing to read of it. */
function unplanned({ status, note, failure }: StackReport): string | undefined {
  switch (status) {
    case "planned":
    case "held":
    case "unchanged":
      return undefined;
    case "deferred":
      return `has no plan yet: it ${note ?? "waits for another stack"}`;
    case "applied":
      return "is applied: what that did is in no plan any more";
    case "failed":
    case "interrupted":
      return `has no plan: ${failure?.message ?? `it is ${status}`}`;
    default:
      return `has no plan: ${note ?? `it is ${status}`}`;
  }
}

function textOf(stack: string, out: string): string | undefined {
  try {
    return stackText(out, stack);
  } catch {
    return undefined;
  }
}

/** What lies beside the JSON was there when it was planned, or the plan does not have it: reading it lets nothing in. */
function contextOf(stack: string, { folder, out, tool, environment, clock, stop }: ReadSettings): StepContext {
  const directory = resolve(out, "stacks", stack);
  return {
    tool,
    stack,
    directory,
    folder: resolve(join(folder, "stacks", stack)),
    environment,
    beside: loadedBeside(directory),
    stop,
    clock,
    onEvent: () => undefined,
  };
}
