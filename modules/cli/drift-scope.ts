import type { LoadedPlan } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";
import type { CheckRules } from "../checks/frame/check";
import type { StackGraph, StackNode } from "../terraform/graph/stack-node";
import { chooseStacks } from "./choose-stacks";
import type { DriftFlags } from "./drift";
import { type DriftUnits, driftUnits } from "./drift-units";
import { loadOutput } from "./load-output";
import { noteBreach } from "./note-breach";
import { type ProvedOutput, proveOutput } from "./prove-output";
import { ReviewedIndex } from "./reviewed-index";
import { todayInUtc } from "./system-clock";
import type { Terminal } from "./terminal";

/** What a run of drift is about. */
export interface DriftScope extends DriftUnits {
  readonly loaded: LoadedPlan;
  readonly rules: CheckRules;
  readonly today: string;
  readonly graph: StackGraph;
  readonly selected: readonly StackNode[];
  readonly index: ReviewedIndex;
  readonly proved: ProvedOutput;
  /** Whether the output is that of the map, and its zone proof holds: then it is what was reviewed. */
  readonly isSound: boolean;
  /** Whether nothing narrows what is read. */
  readonly isEverything: boolean;
}

/** @returns undefined when there is no telling what to read: every reason is then on the terminal */
export async function driftScope(
  globs: readonly string[],
  flags: DriftFlags,
  terminal: Terminal,
): Promise<DriftScope | undefined> {
  const output = loadOutput(flags, "Nothing was read.", terminal, { namesOnly: true });
  if (output === undefined) return undefined;
  const { loaded, graph } = output;
  const found = await chooseStacks(globs, flags, output, terminal);
  if (found === undefined) return undefined;
  if ("problems" in found) return refuse(found.problems, terminal);
  const selected = found.selected.map(({ node }) => node);
  const planned = new Set(loaded.stacks.map(({ name }) => name));
  const units = driftUnits(globs, flags, loaded.map, graph, selected, planned);
  if ("problems" in units) return refuse(units.problems, terminal);
  const today = flags.today ?? todayInUtc();
  const rules = rulesOf(loaded.map, today);
  const index = new ReviewedIndex();
  const proved = proveOutput(flags.out, [...graph.nodes.keys()], rules, terminal, (stack) => index.add(stack));
  const stale = staleness(planned, graph, flags);
  if (stale.length > 0) terminal.note(...stale, "");
  if (proved.proof.findings.length > 0)
    noteBreach(proved.proof, loaded, terminal, "AWS is held against it all the same");
  const { ou, zone, account, within, exclude, affected, shard } = flags;
  return {
    loaded,
    rules,
    today,
    graph,
    selected,
    index,
    proved,
    isSound: stale.length === 0 && proved.proof.findings.length === 0,
    isEverything: globs.length === 0 && [ou, zone, account, within, exclude, affected, shard].every((each) => !each),
    ...units,
  };
}

function refuse(problems: readonly string[], terminal: Terminal): undefined {
  terminal.note(...problems, "", "Nothing was read.");
}

/** By name alone: `synth --verify` compares what is in them. */
function staleness(planned: ReadonlySet<string>, { nodes }: StackGraph, { out }: DriftFlags): string[] {
  const missing = [...planned].filter((name) => !nodes.has(name));
  const leftOver = [...nodes.keys()].filter((name) => !planned.has(name));
  const tell = (names: readonly string[], what: string): string[] =>
    names.length === 0 ? [] : [`${out}: ${what} ${names.join(", ")}; synthesize again, and have it reviewed`];
  return [
    ...tell(missing, "is older than the map, and does not have"),
    ...tell(leftOver, "is older than the map, which no longer has"),
  ];
}
