import type { Command } from "commander";
import { loadPlan } from "../../stacks/load-plan";
import { findingsText } from "../report/findings-text";
import { planSummaryText, summarizeByZone } from "../report/plan-summary";
import { rolloutSummaryText, summarizeRollouts } from "../report/rollout-summary";
import { type ExitCode, exitCode } from "./exit-code";
import { configOption, formatOption, todayOption } from "./options";
import { reportProblems, type Terminal } from "./terminal";

interface ValidateFlags {
  readonly config: string;
  readonly today?: string;
  readonly format: "text" | "json";
}

export function addValidate(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("validate")
    .summary("check the map alone: every error at once")
    .description(
      [
        "Reads every file of the map, resolves every reference and makes the key plan and the rollouts. Prints every error with its file, line and column, or a summary by zone and by rollout and what to know about the plan. Writes nothing.",
        "--format json prints the whole key plan: every key, replica, grant and consumer policy with its reasons.",
      ].join("\n\n"),
    )
    .addOption(configOption())
    .addOption(todayOption())
    .addOption(formatOption())
    .action((flags: ValidateFlags) => finish(validate(flags, terminal)));
}

function validate(flags: ValidateFlags, terminal: Terminal): ExitCode {
  const loaded = loadPlan(flags.config, { today: flags.today });
  if ("problems" in loaded) {
    if (flags.format === "json") {
      terminal.print(JSON.stringify({ schema: "orgkeys/validate/v1", problems: loaded.problems }, null, 2));
    } else reportProblems(terminal, loaded.problems);
    return exitCode.error;
  }
  const { map, plan } = loaded;
  const summary = summarizeByZone(map, plan);
  const rollouts = summarizeRollouts(loaded.rollouts);
  if (flags.format === "json") {
    terminal.print(JSON.stringify({ schema: "orgkeys/validate/v1", problems: [], summary, rollouts, plan }, null, 2));
    return exitCode.clean;
  }
  terminal.print(...planSummaryText(summary));
  if (rollouts.length > 0) terminal.print("", ...rolloutSummaryText(rollouts));
  if (loaded.findings.length > 0) terminal.print("", ...findingsText(loaded.findings));
  terminal.print("", `The map in ${flags.config} is valid.`);
  return exitCode.clean;
}
