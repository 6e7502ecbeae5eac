import type { RunOrder, StackNode } from "../graph/stack-node";
import type { StepContext, StepFailure, StopSignal, TerraformTool } from "../steps/step";
import type { Concurrency } from "./concurrency";
import { processStart } from "./process-start";
import type { RunParts, RunRequest, StackPlan } from "./run-parts";
import type { RunRecord } from "./run-record";

/** A run while it runs. */
export interface RunState {
  readonly request: RunRequest;
  readonly order: RunOrder;
  readonly nodes: ReadonlyMap<string, StackNode>;
  /** What each stack needs among those of the run. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Of those, what it cannot be planned without. */
  readonly hardNeeds: ReadonlyMap<string, readonly string[]>;
  readonly concurrency: Concurrency;
  readonly tool: TerraformTool;
  readonly environment: Readonly<Record<string, string>>;
  readonly record: RunRecord;
  readonly parts: RunParts;
  /** Plans that no gate has judged yet. */
  readonly unjudged: Map<string, StackPlan>;
  /** Plans that make something, until they are applied. */
  readonly making: Map<string, StackPlan>;
  /** The SHA-256 of each plan that was read to be judged; the stacks whose plan passed are the only ones that are applied. */
  readonly planSha256: Map<string, string>;
  readonly passed: Set<string>;
  /** Providers that are in the cache, as their stacks ask for them. */
  readonly warmed: Set<string>;
}

export type RunSetup = Omit<
  RunState,
  "nodes" | "needs" | "hardNeeds" | "unjudged" | "making" | "planSha256" | "passed" | "warmed"
>;

export function runState(setup: RunSetup): RunState {
  const stacks = setup.order.layers.flat();
  const needsOf = (hardOnly: boolean): Map<string, string[]> => {
    const needs = new Map<string, string[]>(stacks.map(({ name }) => [name, []]));
    for (const { from, to, hard } of setup.order.needs) if (hard || !hardOnly) needs.get(from)?.push(to);
    return needs;
  };
  return {
    ...setup,
    nodes: new Map(stacks.map((node) => [node.name, node])),
    needs: needsOf(false),
    hardNeeds: needsOf(true),
    unjudged: new Map(),
    making: new Map(),
    planSha256: new Map(),
    passed: new Set(),
    warmed: new Set(),
  };
}

export function nodeOf(run: RunState, stack: string): StackNode {
  const node = run.nodes.get(stack);
  if (node === undefined) throw new Error(`stack ${stack} is not of this run`);
  return node;
}

/** Every stack that has to be applied before one of these, without these. */
export function allNeedsOf(names: Iterable<string>, needs: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const open = [...names];
  const own = new Set(open);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const need of needs.get(name) ?? []) {
      if (found.has(need)) continue;
      found.add(need);
      open.push(need);
    }
  }
  for (const name of own) found.delete(name);
  return found;
}

export function stepContext(run: RunState, stack: string, stop: StopSignal = run.parts.stop): StepContext {
  const { parts, record, tool, environment } = run;
  return {
    tool,
    stack,
    directory: parts.directoryOf(stack),
    folder: record.folderOf(stack),
    environment,
    beside: parts.besideOf(stack),
    stop,
    clock: parts.clock,
    onEvent: (event) => {
      // Whoever resumes a run that was killed has to know whether its Terraform still runs.
      if (event.kind === "started" && (event.step === "apply" || event.step === "import")) {
        const process = { pid: event.pid, started: processStart(event.pid) };
        record.changeStack(stack, { process }, "now");
      }
      parts.onEvent(stack, event);
    },
  };
}

/** What changes nothing in AWS is not waited for: the first word to end interrupts it. */
export function urgent(stop: StopSignal): StopSignal {
  const more = (level: StopSignal["level"]): StopSignal["level"] => (level === 1 || level === 2 ? 2 : level);
  return {
    get level() {
      return more(stop.level);
    },
    onChange: (listener) => stop.onChange((level) => listener(more(level))),
  };
}

export function failureOf(
  step: StepFailure["step"],
  cause: string,
  message: string,
  whatToDo: string,
  uncertain = false,
): StepFailure {
  return { step, cause, message, whatToDo, transient: false, uncertain, unfinished: [] };
}

/** Whether a step was ended before its end, and not by what it found. */
export function isCut({ cause }: StepFailure): boolean {
  return cause === "interrupted" || cause === "killed";
}

/** What was interrupted because the run is to end has not failed. */
export function isOurWord(failure: StepFailure, { parts }: RunState): boolean {
  return isCut(failure) && parts.stop.level > 0;
}
