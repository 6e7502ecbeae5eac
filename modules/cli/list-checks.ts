import { allChecks } from "../checks/frame/all-checks";
import { table } from "../report/table";
import type { CheckFlags } from "./check";
import { type ExitCode, exitCode } from "./exit-code";
import type { Terminal } from "./terminal";

/** What would narrow or redirect findings, of which there are none. */
const narrowing = ["ou", "zone", "account", "severity", "framework", "output"] as const;

/** Every check with what it requires; nothing is read. */
export function listChecks(flags: CheckFlags, terminal: Terminal): ExitCode {
  const { format } = flags;
  const others = narrowing.filter((flag) => flags[flag] !== undefined).map((flag) => `--${flag}`);
  if (others.length > 0) {
    terminal.note(`--list checks nothing and prints every check: drop ${others.join(", ")}`);
    return exitCode.error;
  }
  if (format === "text") {
    terminal.print(...table(allChecks.map(({ id, kind, severity, requirement }) => [id, kind, severity, requirement])));
    return exitCode.clean;
  }
  if (format === "json") {
    const checks = allChecks.map(({ id, kind, severity, requirement, reason, fix }) => {
      return { id, kind, severity, requirement, reason, fix };
    });
    terminal.print(JSON.stringify({ schema: "orgkeys/checks/v1", checks }, null, 2));
    return exitCode.clean;
  }
  terminal.note(`--list --format ${format}: the list of checks comes as text or json`);
  return exitCode.error;
}
