import { loadPlan } from "../../stacks/load-plan";
import { compareStrategies } from "../keys/compare-strategies";
import { strategyText } from "../report/strategy-text";
import { type ExitCode, exitCode } from "./exit-code";
import { reportProblems, type Terminal } from "./terminal";

/** `explain --strategy`: how many keys the map would need if they were cut otherwise. */
export function explainStrategy(
  flags: { readonly config: string; readonly today?: string; readonly format: "text" | "json" },
  terminal: Terminal,
): ExitCode {
  const loaded = loadPlan(flags.config, { today: flags.today });
  if ("problems" in loaded) {
    reportProblems(terminal, loaded.problems);
    return exitCode.error;
  }
  const comparison = compareStrategies(loaded.map, { today: flags.today });
  if (flags.format === "json") terminal.print(JSON.stringify(comparison, null, 2));
  else terminal.print(...strategyText(comparison, terminal.emphasize));
  return exitCode.clean;
}
