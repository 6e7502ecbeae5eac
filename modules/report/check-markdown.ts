import { compile } from "handlebars";
import {
  type CheckOutcome,
  commonFix,
  countOf,
  countsText,
  type FindingGroup,
  groupFindings,
  proofText,
} from "./check-outcome";
import { incompleteText, provedText, summaryText } from "./check-text";
import { acceptedLines, findingLines } from "./finding-lines";
import { type Fenced, fenced, markdownText } from "./markdown-text";

/**
 * GitHub takes 65,536 characters for a comment, and whoever posts it may want to add a line.
 *
 * Source: https://github.com/orgs/community/discussions/27190
 */
const MOST_CHARACTERS = 60_000;
/** How many findings of a group are shown: the first that fits. */
const groupSizes = [50, 20, 10, 5, 2, 1, 0] as const;
/** A policy edited by hand can hold names of any length. */
const MOST_OF_A_LINE = 400;

interface Details extends Fenced {
  readonly summary: string;
}

/**
 * A comment for a pull request: a table of what was found, the findings folded below it. Whatever comes from the map or from
 * the output stands in fenced blocks, where it is text and nothing else.
 *
 * @param template the text of `templates/check-markdown.md.hbs`
 */
export function checkMarkdown(outcome: CheckOutcome, template: string): string {
  const render = compile(template, { strict: true, noEscape: true });
  const groups = groupFindings(outcome);
  let text = "";
  for (const size of groupSizes) {
    text = render({
      headline: `${proofText(outcome)}; ${countsText(outcome.findings)}`,
      rows: groups.map(rowOf),
      details: [
        ...(size === 0 ? [] : groups.map((group) => detailsOf(group, size))),
        ...acceptedDetails(outcome, size),
        ...(outcome.findings.length === 0 ? [details("What was proved", provedText(outcome))] : []),
        ...incompleteDetails(outcome),
      ],
      summary: summaryText(outcome),
    }).trimEnd();
    if (text.length <= MOST_CHARACTERS) break;
  }
  return text;
}

function rowOf({ id, severity, check, findings }: FindingGroup): Record<string, string | number> {
  return { severity, id, count: findings.length, requirement: markdownText(check?.requirement ?? "") };
}

function detailsOf({ id, severity, check, findings }: FindingGroup, most: number): Details {
  const shown = findings.slice(0, most);
  const more = findings.length - shown.length;
  const fix = commonFix(check, shown);
  return details(`${severity} <code>${id}</code>: ${countOf(findings.length, "finding")}`, [
    ...shown.flatMap((finding, index) => [...(index === 0 ? [] : [""]), ...findingLines(finding, fix)]),
    ...(more > 0 ? ["", `and ${more} more; --format json has all`] : []),
    ...(fix === undefined ? [] : ["", `-> ${fix}`]),
  ]);
}

function acceptedDetails({ accepted }: CheckOutcome, most: number): Details[] {
  if (accepted.length === 0) return [];
  const more = accepted.length - most;
  return [
    details(`accepted: ${countOf(accepted.length, "finding")}`, [
      ...accepted.slice(0, most).flatMap(acceptedLines),
      ...(more > 0 ? [`and ${more} more; --format json has all`] : []),
    ]),
  ];
}

function incompleteDetails(outcome: CheckOutcome): Details[] {
  const lines = incompleteText(outcome);
  return lines.length === 0 ? [] : [details("The output is not what the map asks for", lines)];
}

function details(summary: string, lines: readonly string[]): Details {
  return { summary, ...fenced(lines.map(cut)) };
}

function cut(line: string): string {
  return line.length <= MOST_OF_A_LINE ? line : `${line.slice(0, MOST_OF_A_LINE - 1)}…`;
}
