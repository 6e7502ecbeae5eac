import { frameworks } from "../checks/frameworks/all-frameworks";
import { type ControlResult, coverageOf } from "../checks/frameworks/coverage-of";
import type { Framework } from "../checks/frameworks/framework";
import type { FrameworkId } from "../findings/framework-ids";
import { coverageMarkdown, coverageText } from "../report/framework-text";
import type { CheckFlags } from "./check";
import { proofOf } from "./check-output";
import { type ExitCode, exitCode } from "./exit-code";
import { runOnOutput } from "./run-on-output";
import type { Terminal } from "./terminal";
import { writeReport } from "./write-report";

/** Which checks answer which control of a framework, with what they found. */
export function checkFramework(id: FrameworkId, flags: CheckFlags, terminal: Terminal): ExitCode {
  const { format, severity, output } = flags;
  if (format === "sarif" || format === "junit") {
    terminal.note(`--framework ${id} --format ${format}: a framework comes as text, json or markdown`);
    return exitCode.error;
  }
  if (severity !== undefined) {
    terminal.note("--severity and --framework do not go together: a control with findings left out would look clean");
    return exitCode.error;
  }
  const run = runOnOutput(flags, terminal);
  if (run === undefined) return exitCode.error;
  const framework = frameworks[id];
  const results = coverageOf(framework, run.selected);
  const hidden = run.whole.findings.length - run.selected.findings.length;
  const written = writeReport(
    reportOf(framework, results, format),
    [
      `${framework.name}: ${results.filter(({ state }) => state === "findings").length} controls with findings.`,
      ...(hidden === 0 ? [] : [`${hidden} findings outside of the selection not shown.`]),
    ].join(" "),
    output,
    terminal,
  );
  if (!written) return exitCode.error;
  const isOpen = results.some(({ state }) => state === "findings" || state === "not-run");
  return isOpen || proofOf(run.whole) === "breached" ? exitCode.something : exitCode.clean;
}

function reportOf(
  framework: Framework,
  results: readonly ControlResult[],
  format: Exclude<CheckFlags["format"], "sarif" | "junit">,
): string {
  switch (format) {
    case "text":
      return coverageText(framework, results).join("\n");
    case "markdown":
      return coverageMarkdown(framework, results).join("\n");
    case "json":
      return JSON.stringify({ schema: "orgkeys/framework/v1", ...documentOf(framework, results) }, null, 2);
  }
}

function documentOf({ id, name, version, source }: Framework, results: readonly ControlResult[]): object {
  return {
    framework: { id, name, version, source },
    controls: results.map(({ control, state, findings, accepted, notRun }) => ({
      ...control,
      state,
      findings: findings.map(({ id: check, severity, where, why, whatToDo }) => {
        return { id: check, severity, where, why, whatToDo };
      }),
      accepted: accepted.map(({ finding, exception }) => ({
        id: finding.id,
        where: finding.where,
        exception: exception.name,
        owner: exception.owner,
        expires: exception.expires,
      })),
      notRun,
    })),
  };
}
