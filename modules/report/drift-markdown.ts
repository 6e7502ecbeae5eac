import type { DriftFinding } from "../drift/drift-finding";
import type { DriftReport } from "../drift/drift-report";
import { countOf } from "./check-outcome";
import { driftLines, idleLine, ignoredLines, isSameStep, unreadLines } from "./drift-lines";
import { coverageRows, type DriftGroup, driftSummary, groupDrift, headlineText, unreadParts } from "./drift-summary";
import { accountLines } from "./drift-text";
import { cut, firstOf, fittingComment, folded, MOST_OF_A_LINE } from "./markdown-comment";
import { markdownText } from "./markdown-text";
import { table } from "./table";

const ALL = "--format json";

/**
 * A comment, or a page of a pipeline: what matters in its first line, one row for each kind, the findings and everything else
 * folded. Whatever comes from AWS or from the map is text and nothing else.
 */
export function driftMarkdown(report: DriftReport): string {
  const { findings, accounts, ignored, idleRules } = report;
  const groups = groupDrift(findings);
  const unread = unreadParts(accounts);
  const rows = accountLines(report);
  return fittingComment((size) => [
    `### orgkeys drift: ${markdownText(headlineText(report))}`,
    ...kindTable(groups, size),
    ...(size === 0 ? [] : groups.flatMap((group) => groupDetails(group, size))),
    ...folded("Not checked", firstOf(unread, size, unreadLines, ALL)),
    ...folded("Accounts", size === 0 ? [] : rows.slice(0, 2 * size + 1)),
    ...folded("Reviewed, of what is in AWS", accounts.length === 0 ? [] : table(coverageRows(accounts))),
    ...folded(`Ignored: ${countOf(ignored.length, "finding")}`, firstOf(ignored, size, ignoredLines, ALL)),
    ...folded(
      "Rules of drift.yaml that ignore nothing",
      firstOf(idleRules, size, (rule) => [idleLine(rule, report)], ALL),
    ),
    markdownText(driftSummary(report)),
  ]);
}

function kindTable(groups: readonly DriftGroup[], size: number): string[] {
  if (groups.length === 0) return [];
  const rows = groups.map(({ id, severity, findings }) => {
    const where = findings.slice(0, Math.min(size, 3)).map((finding) => markdownText(cut(finding.where, 120)));
    const more = findings.length - where.length;
    const what = [...where, ...(more > 0 ? [`${more}${where.length === 0 ? "" : " more"}`] : [])].join("<br>");
    return `| ${severity} | \`${id}\` | ${findings.length} | ${what} |`;
  });
  return [["| severity | drift | findings | where |", "|---|---|---:|---|", ...rows].join("\n")];
}

function groupDetails({ id, severity, findings }: DriftGroup, size: number): string[] {
  const lines = firstOf(
    findings,
    size,
    (finding) => {
      const before = findings[findings.indexOf(finding) - 1];
      return [...(before === undefined ? [] : [""]), ...wholeCommands(finding, isSameStep(finding, before))];
    },
    ALL,
  );
  return folded(`${severity} ${id}: ${countOf(findings.length, "finding")}`, lines);
}

/** Lines are cut to fit, and nobody should paste the half of a command. */
function wholeCommands(finding: DriftFinding, isStepAbove: boolean): string[] {
  const commands = finding.commands.map((command) =>
    command.split("\n").some((line) => line.length + 7 > MOST_OF_A_LINE)
      ? "# this command is too long for a comment; --format text has it"
      : command,
  );
  return driftLines({ ...finding, commands }, isStepAbove);
}
