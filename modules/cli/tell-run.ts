import { join } from "node:path";
import { runJson } from "../report/run-json";
import { runMarkdown } from "../report/run-markdown";
import { runText } from "../report/run-text";
import type { RunReport } from "../terraform/run/run-report";
import { writeAtomically } from "../terraform/run/write-atomically";
import type { RunFlags } from "./run-options";
import type { Terminal } from "./terminal";

/**
 * Prints what came of a run, and writes its report.md.
 *
 * @param folder the run's, as the user would write it
 */
export function tellRun(
  report: RunReport,
  folder: string,
  { format }: Pick<RunFlags, "format">,
  terminal: Terminal,
): void {
  const markdown = runMarkdown(report, folder).trimEnd();
  writeAtomically(join(folder, "report.md"), `${markdown}\n`);
  if (format === "json") terminal.print(runJson(report));
  else if (format === "markdown") terminal.print(markdown);
  else terminal.print(...runText(report, folder, terminal.emphasize));
}
