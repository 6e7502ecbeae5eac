import { loadPlan } from "../../stacks/load-plan";
import { listNames, suggestName } from "../organization/problem";
import { rolloutText } from "../report/rollout-text";
import { explainRollout } from "../rollouts/explain-rollout";
import { type ExitCode, exitCode } from "./exit-code";
import { reportProblems, type Terminal } from "./terminal";

/** `explain --rollout NAME`: who is in, who is out, and why. */
export function explainOneRollout(
  name: string,
  flags: { readonly config: string; readonly today?: string; readonly format: "text" | "json" },
  terminal: Terminal,
): ExitCode {
  const loaded = loadPlan(flags.config, { today: flags.today });
  if ("problems" in loaded) {
    reportProblems(terminal, loaded.problems);
    return exitCode.error;
  }
  const { map, rollouts, findings } = loaded;
  const explanation = explainRollout(map, rollouts, findings, name);
  if (explanation === undefined) {
    const known = map.rollouts.map((rollout) => rollout.name);
    const hint = suggestName(
      name,
      known,
      known.length === 0 ? "rollouts.yaml has none" : `there are ${listNames(known)}`,
    );
    terminal.note(`--rollout ${name}: not a rollout of the map; ${hint}`);
    return exitCode.error;
  }
  if (flags.format === "json") terminal.print(JSON.stringify(explanation, null, 2));
  else terminal.print(...rolloutText(explanation));
  return exitCode.clean;
}
