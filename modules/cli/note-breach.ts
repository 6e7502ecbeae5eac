import type { LoadedPlan } from "../../stacks/load-plan";
import type { CheckFinding, CheckReport } from "../checks/frame/run-checks";
import { findingsText } from "../report/findings-text";
import { type ExitCode, exitCode } from "./exit-code";
import type { Terminal } from "./terminal";

/**
 * Says why the zone proof does not hold, with the lines of the map behind it.
 *
 * @param end what came of it
 */
export function noteBreach(
  { findings }: CheckReport,
  loaded: LoadedPlan,
  terminal: Terminal,
  end = "nothing was written",
): ExitCode {
  for (const finding of findings) {
    terminal.note(...findingsText([finding]), ...placesInMap(finding, loaded).map((place) => `    map ${place}`));
  }
  terminal.note("", `The zone proof does not hold: ${end}.`);
  return exitCode.error;
}

function placesInMap({ sources }: CheckFinding, { problemAt }: LoadedPlan): string[] {
  return sources.map((source) => {
    const { file, line, column, path } = problemAt(source, "", "");
    return `${file}:${line}:${column}  ${path}`;
  });
}
