import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LoadedPlan } from "../../stacks/load-plan";
import { selectableNames } from "../organization/select-accounts";
import { shardOf } from "../terraform/graph/shard-of";
import type { StackGraph } from "../terraform/graph/stack-node";
import { isRunId } from "../terraform/run/run-id";
import { REPORT_FILE } from "../terraform/run/run-record";
import { RUN_SCHEMA, type RunReport } from "../terraform/run/run-report";
import { selectFromGraph } from "../terraform/select/select-from-graph";
import type { SelectedStack } from "../terraform/select/stack-selection";
import { selectionOf } from "./options";
import type { RunFlags } from "./run-options";

/** What selects stacks, as on the command line; a resumed run has its own. */
export function selectionWords(globs: readonly string[], flags: RunFlags): string[] {
  const { ou = [], zone = [], account = [], exclude = [], affected, shard } = flags;
  const option = (name: string, values: readonly string[]): string[] => values.flatMap((value) => [name, value]);
  return [
    ...globs,
    ...option("--ou", ou),
    ...option("--zone", zone),
    ...option("--account", account),
    ...option("--exclude", exclude),
    ...option("--affected", affected === undefined ? [] : [affected]),
    ...option("--shard", shard === undefined ? [] : [`${shard.index}/${shard.count}`]),
  ];
}

/** The stacks that the command line selects, in name order. */
export function selectStacksOf(
  graph: StackGraph,
  globs: readonly string[],
  flags: Pick<RunFlags, "ou" | "zone" | "account" | "exclude" | "shard">,
  { map }: Pick<LoadedPlan, "map">,
  affected: ReadonlyMap<string, string> | undefined,
): { readonly selected: readonly SelectedStack[] } | { readonly problems: readonly string[] } {
  const { exclude = [], shard } = flags;
  const found = selectFromGraph(
    graph,
    { ...selectionOf(flags), globs, excludes: exclude },
    { known: selectableNames(map), affected },
  );
  if ("problems" in found || shard === undefined) return found;
  const names = found.selected.map(({ node }) => node.name);
  const own = new Set(shardOf(graph, names, shard));
  return { selected: found.selected.filter(({ node }) => own.has(node.name)) };
}

export interface ResumedRun {
  readonly report: RunReport;
  /** As the user would write it. */
  readonly folder: string;
}

/**
 * Reads the run that `--resume` names.
 *
 * @param run an id, or a run's folder
 */
export function readResumed(
  run: string,
  flags: RunFlags,
  graph: StackGraph,
): ResumedRun | { readonly problems: string[] } {
  const folder = isRunId(run) ? join(flags.runs, run) : run;
  const problem = (why: string): { problems: string[] } => ({ problems: [`--resume ${run}: ${why}`] });
  const report = readRunReport(folder);
  if (report === undefined) {
    return problem(`${join(folder, REPORT_FILE)} is not there, or no report of a run; name a run's id or its folder`);
  }
  if (resolve(report.out) !== resolve(flags.out)) {
    return problem(`it is a run of the output ${report.out}; give --out ${report.out}`);
  }
  const gone = report.stacks.filter(({ stack }) => !graph.nodes.has(stack)).map(({ stack }) => stack);
  if (gone.length > 0) {
    return problem(`${gone.join(", ")}: no longer in ${flags.out}; bring the output back, or begin a new run`);
  }
  return { report, folder };
}

/** @returns undefined where a folder has no report of a run */
export function readRunReport(folder: string): RunReport | undefined {
  try {
    const report: RunReport = JSON.parse(readFileSync(join(folder, REPORT_FILE), "utf8"));
    const isReport = report.schema === RUN_SCHEMA && Array.isArray(report.stacks) && isRunId(report.id);
    return isReport &&
      report.stacks.every(({ stack, status }) => typeof stack === "string" && typeof status === "string")
      ? report
      : undefined;
  } catch {
    return undefined;
  }
}
