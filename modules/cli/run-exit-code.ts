import type { RunReport } from "../terraform/run/run-report";
import { type ExitCode, exitCode } from "./exit-code";

/**
 * plan: 0 nothing to change, 2 changes, 1 an error, or the gate would stop an apply. apply: 0 everything is as the JSON says, 2 work
 * was left on purpose, 1 something failed or was cut, or the gate stopped it.
 */
export function runExitCode({ command, status, stacks }: RunReport): ExitCode {
  if (command === "plan") {
    if (status !== "done") return exitCode.error;
    return stacks.every((stack) => stack.status === "unchanged" || stack.status === "applied")
      ? exitCode.clean
      : exitCode.something;
  }
  switch (status) {
    case "done":
      return exitCode.clean;
    case "waiting":
    case "declined":
      return exitCode.something;
    case "stopped": {
      // An interrupted plan has changed nothing; an interrupted apply may be half done, even where all that it did is known.
      const isCut = stacks.some(
        ({ applyStartedAt, failure, status }) =>
          applyStartedAt !== undefined ||
          status === "failed" ||
          (status === "interrupted" && failure?.step === "apply"),
      );
      return isCut ? exitCode.error : exitCode.something;
    }
    default:
      return exitCode.error;
  }
}
