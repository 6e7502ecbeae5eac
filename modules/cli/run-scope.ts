import type { LoadedPlan } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";
import type { CheckRules } from "../checks/frame/check";
import { applyAnew } from "../report/run-summary";
import { orderStacks } from "../terraform/graph/order-stacks";
import type { RunOrder, StackGraph } from "../terraform/graph/stack-node";
import type { RunRequest } from "../terraform/run/run-parts";
import type { SelectedStack } from "../terraform/select/stack-selection";
import { chooseStacks } from "./choose-stacks";
import { loadOutput } from "./load-output";
import type { RunFlags } from "./run-options";
import { type ResumedRun, readResumed, selectionWords } from "./select-run";
import { todayInUtc } from "./system-clock";
import type { Terminal } from "./terminal";

/** What a run is about, when nothing is wrong with the command line, the map and the output. */
export interface RunScope {
  readonly loaded: LoadedPlan;
  readonly rules: CheckRules;
  readonly today: string;
  /** Of the whole output. */
  readonly graph: StackGraph;
  readonly selected: readonly SelectedStack[];
  readonly order: RunOrder;
  /** The run that goes on. */
  readonly resumed: ResumedRun | undefined;
}

/** @returns undefined when there is no telling what to run: every reason is then on the terminal */
export async function scopeOf(
  globs: readonly string[],
  flags: RunFlags,
  terminal: Terminal,
): Promise<RunScope | undefined> {
  const output = loadOutput(flags, "Nothing was run.", terminal);
  if (output === undefined) return undefined;
  const { loaded, graph } = output;
  const today = flags.today ?? todayInUtc();
  const chosen =
    flags.resume === undefined ? await chosenBy(globs, flags, output, terminal) : resumedBy(flags.resume, flags, graph);
  if (chosen === undefined) return undefined;
  if ("problems" in chosen) return refuse(chosen.problems, terminal);
  const names = chosen.selected.map(({ node }) => node.name);
  const order = orderStacks(graph, names);
  if ("problems" in order) return refuse(order.problems, terminal);
  return { loaded, rules: rulesOf(loaded.map, today), today, graph, order, ...chosen };
}

function refuse(problems: readonly string[], terminal: Terminal): undefined {
  terminal.note(...problems, "", "Nothing was run.");
}

type Chosen = Pick<RunScope, "selected" | "resumed"> | { readonly problems: readonly string[] };

async function chosenBy(
  globs: readonly string[],
  flags: RunFlags,
  output: Pick<RunScope, "loaded" | "graph">,
  terminal: Terminal,
): Promise<Chosen | undefined> {
  const found = await chooseStacks(globs, flags, output, terminal);
  return found === undefined || "problems" in found ? found : { ...found, resumed: undefined };
}

function resumedBy(run: string, flags: RunFlags, graph: StackGraph): Chosen {
  const resumed = readResumed(run, flags, graph);
  if ("problems" in resumed) return resumed;
  const selected = resumed.report.stacks.flatMap(({ stack, why }) => {
    const node = graph.nodes.get(stack);
    return node === undefined ? [] : [{ node, why }];
  });
  return { selected, resumed };
}

/** What is wrong with the command line as a whole. */
export function mistakesOf(
  command: RunRequest["command"],
  globs: readonly string[],
  flags: RunFlags,
  terminal: Terminal,
): string[] {
  const { resume, dryRun, format, autoApprove, canary } = flags;
  const words = selectionWords(globs, flags);
  const mistakes: string[] = [];
  if (resume !== undefined && words.length > 0) {
    mistakes.push(`--resume ${resume}: the run has its stacks; drop ${words.join(" ")}`);
  }
  if (resume !== undefined && dryRun === true)
    mistakes.push(`--resume ${resume}: --dry-run lists stacks of a new run; drop one`);
  if (dryRun === true && format === "markdown")
    mistakes.push("--dry-run --format markdown: the list comes as text or json");
  const nobody = terminal.ask === undefined && autoApprove !== true && canary === undefined;
  if (command === "apply" && dryRun !== true && nobody) {
    mistakes.push(
      "apply: nobody is here to say yes; give --auto-approve when the gate alone is to decide, or --canary N to apply so many accounts and wait",
    );
  }
  return mistakes;
}

/** Why the run that is resumed cannot go on as the command line wants: plans are of one role from beginning to end. */
export function auditRefusal(
  command: RunRequest["command"],
  { resume, audit }: RunFlags,
  { resumed }: RunScope,
): string | undefined {
  if (resumed === undefined) return undefined;
  if (resumed.report.audit === true && command === "apply") {
    return `--resume ${resume}: it planned with the audit role, which may change nothing; plan and apply anew: ${applyAnew(resumed.report)}`;
  }
  return audit === true && resumed.report.audit !== true
    ? `--resume ${resume}: it did not plan with the audit role; drop --audit, or begin a new run with it`
    : undefined;
}
