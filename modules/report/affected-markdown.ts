import { compile } from "handlebars";
import type { AffectedReport } from "../terraform/affected/affected-report";
import { affectedSummary, dependentLines, reasonsText } from "./affected-text";
import { countOf } from "./check-outcome";
import { fenced, markdownText } from "./markdown-text";
import { oneLine } from "./one-line";

/** GitHub takes 65,536 characters for a comment. Source: https://github.com/orgs/community/discussions/27190 */
const MOST_CHARACTERS = 60_000;
/** How many stacks are shown, and how many reasons of each: the first that fits. */
const sizes = [
  [200, 20],
  [100, 10],
  [50, 5],
  [20, 3],
  [10, 0],
  [0, 0],
] as const;
const MOST_OF_A_LINE = 400;

/**
 * A comment for a pull request: a table of what is affected, the reasons folded below it. Whatever comes from the outputs is text
 * and nothing else there.
 *
 * @param template the text of `templates/affected-markdown.md.hbs`
 */
export function affectedMarkdown(report: AffectedReport, template: string): string {
  const render = compile(template, { strict: true, noEscape: true });
  const { affected, dependents } = report;
  let text = "";
  for (const [stacks, reasons] of sizes) {
    const more = affected.length - stacks;
    const shown = affected.slice(0, stacks);
    text = render({
      headline: `${countOf(affected.length, "stack")} affected`,
      rows: [
        ...shown.map(({ stack, summary }) => ({ stack: markdownText(stack), summary: markdownText(summary) })),
        ...(more > 0 ? [{ stack: `and ${more} more`, summary: "--format json has all" }] : []),
      ],
      details: [
        ...(shown.length === 0 || reasons === 0
          ? []
          : [
              details(
                "Reasons",
                shown.flatMap((stack) => [
                  oneLine(stack.stack),
                  ...reasonsText(stack, reasons).map((line) => `  ${line}`),
                ]),
              ),
            ]),
        ...(dependents === undefined || dependents.length === 0
          ? []
          : [
              details(
                `${countOf(dependents.length, "stack")} the same, but in need of these`,
                neededLines(report, stacks),
              ),
            ]),
      ],
      summary: markdownText(affectedSummary(report)),
    }).trimEnd();
    if (text.length <= MOST_CHARACTERS) break;
  }
  return text;
}

function neededLines({ dependents = [] }: AffectedReport, most: number): string[] {
  const more = dependents.length - most;
  return [...dependents.slice(0, most).flatMap(dependentLines), ...(more > 0 ? [`and ${more} more`] : [])];
}

function details(summary: string, lines: readonly string[]): Record<string, unknown> {
  const cut = lines.map((line) => (line.length <= MOST_OF_A_LINE ? line : `${line.slice(0, MOST_OF_A_LINE - 1)}…`));
  return { summary, ...fenced(cut) };
}
