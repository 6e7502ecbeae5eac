import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";
import type { SynthesizedStack } from "../access/synthesized-stack";
import { allChecks } from "../checks/frame/all-checks";
import type { CheckRules } from "../checks/frame/check";
import { type CheckReport, runChecks } from "../checks/frame/run-checks";
import type { Problem } from "../organization/problem";
import { selectAccounts } from "../organization/select-accounts";
import { CHECK_SCHEMA } from "../report/check-document";
import { listOutput } from "../terraform/graph/list-output";
import { readStack } from "../terraform/graph/read-output";
import type { CheckFlags } from "./check";
import { selectionOf } from "./options";
import { isAboutSelected } from "./select-findings";
import { todayInUtc } from "./system-clock";
import { inFile, reportProblems, type Terminal } from "./terminal";

/** What all checks found in an output. */
export interface CheckedRun {
  readonly loaded: LoadedPlan;
  readonly rules: CheckRules;
  /** The day of the check. */
  readonly today: string;
  /** Everything, whatever is selected. */
  readonly whole: CheckReport;
  /** What is about the selected accounts. */
  readonly selected: CheckReport;
}

/**
 * Reads the map and every stack of the output, and runs all checks.
 *
 * @returns undefined when there is no telling what will be applied: every reason is then on the terminal
 */
export function runOnOutput(flags: CheckFlags, terminal: Terminal): CheckedRun | undefined {
  const loaded = loadPlan(flags.config);
  const listed = listOutput(flags.out);
  const problems = [...("problems" in loaded ? loaded.problems : []), ...listed.problems.map(inFile)];
  if ("problems" in loaded || problems.length > 0) return refuse(problems, flags, terminal);
  const selection = selectionOf(flags);
  const selected = selectAccounts(loaded.map, selection);
  if ("problems" in selected) {
    terminal.note(...selected.problems);
    return undefined;
  }
  const today = flags.today ?? todayInUtc();
  const rules = rulesOf(loaded.map, today);
  const whole = runChecks(readStacks(flags.out, listed.stacks, terminal), rules, allChecks);
  const isEverything = Object.values(selection).every((names) => names.length === 0);
  const isSelected = isAboutSelected(isEverything ? undefined : selected.accounts, loaded.map.accounts, whole.stacks);
  return {
    loaded,
    rules,
    today,
    whole,
    selected: {
      ...whole,
      findings: whole.findings.filter(isSelected),
      accepted: whole.accepted.filter(({ finding }) => isSelected(finding)),
    },
  };
}

/** One after the other: all of them at once would not fit into memory for a large organization. */
function* readStacks(out: string, stacks: readonly string[], terminal: Terminal): Generator<SynthesizedStack> {
  for (const [index, stack] of stacks.entries()) {
    terminal.progress(`${index + 1}/${stacks.length}  ${stack}`);
    yield readStack(out, stack);
  }
}

function refuse(problems: readonly Problem[], { format }: CheckFlags, terminal: Terminal): undefined {
  if (format === "json") terminal.print(JSON.stringify({ schema: CHECK_SCHEMA, problems }, null, 2));
  else reportProblems(terminal, problems, "Nothing was checked.");
}
