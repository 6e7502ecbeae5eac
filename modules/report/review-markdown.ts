import type { Severity } from "../findings/finding";
import type { ReviewChange } from "../review/review";
import { countOf } from "./check-outcome";
import { cut, firstOf, fittingComment, folded } from "./markdown-comment";
import { markdownText } from "./markdown-text";
import { type AlikeChanges, placeText } from "./review-groups";
import { reviewLines } from "./review-lines";
import { originLines, type ReviewReport } from "./review-report";
import { groupReview, type ReviewGroup, reviewSummary, totalRows, zoneRows } from "./review-summary";

const ALL = "--format json";
/** Verdicts and names can be of any length; each character may become thirteen. */
const MOST_OF_A_TEXT = 200;
const MOST_OF_A_LINK = 500;
/** What a reviewer sees without a click; everything else is folded. */
const matters: ReadonlySet<Severity> = new Set(["critical", "high", "medium"]);

/**
 * A comment for a pull request: the verdict, a table of what matters, everything else folded. Whatever comes from the map, or from
 * JSON edited by hand, is text and nothing else.
 */
export function reviewMarkdown(report: ReviewReport): string {
  const { review, verdict, failures } = report;
  const { changes, sameMeaning } = review;
  const groups = groupReview(changes);
  return fittingComment((size) => [
    "### orgkeys review",
    `**${markdownText(cut(verdict.line, 2 * MOST_OF_A_TEXT))}**`,
    ...failures.map(({ reason, why, of }) =>
      markdownText(`--fail-on ${reason}: ${cut(why, MOST_OF_A_TEXT)} (${of.length}).`),
    ),
    ...originLines(report).map((line) => markdownText(cut(line, 2 * MOST_OF_A_TEXT))),
    ...matterTable(groups, size, report),
    ...zoneTable(report, size),
    ...totals(report),
    ...(size === 0 ? [] : groups.flatMap((group) => groupDetails(group, size, report))),
    ...folded(
      `Same meaning, other bytes: ${countOf(sameMeaning.length, "stack")}`,
      firstOf(sameMeaning, size, (stack) => [stack], ALL),
    ),
    markdownText(cut(reviewSummary(report), 3 * MOST_OF_A_TEXT)),
  ]);
}

/** One row for what is alike; where there is no room for that, one for each kind. */
function matterTable(groups: readonly ReviewGroup[], size: number, report: ReviewReport): string[] {
  const shown = groups.filter(({ risk }) => matters.has(risk));
  if (shown.length === 0) return [];
  const all = shown.flatMap(({ alike }) => alike);
  const rows = size === 0 ? shown.map(kindRow) : all.slice(0, size).map((alike) => matterRow(alike, report));
  const left = size === 0 ? [] : all.slice(size);
  const more = left.reduce((sum, { others }) => sum + 1 + others.length, 0);
  return [
    [
      "| risk | what | where |",
      "|---|---|---|",
      ...rows,
      ...(more > 0 ? [`| | and ${more} more | ${ALL} has all |`] : []),
    ].join("\n"),
  ];
}

function kindRow({ id, risk, count }: ReviewGroup): string {
  return `| ${risk} | \`${id}\` | ${countOf(count, "change")} |`;
}

function matterRow({ first, others }: AlikeChanges, report: ReviewReport): string {
  const { id, risk, place, what } = first;
  const more = others.length === 0 ? "" : `<br>and ${others.length} more alike`;
  const link = linkOf(first, report);
  const where = markdownText(cut(placeText(place), MOST_OF_A_TEXT));
  const linked = link === undefined ? where : `${where}<br>[line ${link.line}](${link.url})`;
  return `| ${risk} | \`${id}\`<br>${markdownText(cut(what, 2 * MOST_OF_A_TEXT))} | ${linked}${more} |`;
}

/** Only what is there after the change is in the folder that `--link` is about. */
function linkOf({ lines }: ReviewChange, report: ReviewReport): { line: number; url: string } | undefined {
  const { link } = report;
  const place = lines.find(({ side }) => side === "head");
  const found = place === undefined ? undefined : report.lineOf(place);
  if (link === undefined || place === undefined || found === undefined) return undefined;
  const stack = encodeURIComponent(place.stack.replaceAll(/\p{Cs}/gu, "\ufffd")).replaceAll(/[!'()*]/g, hexOf);
  const url = `${link}/stacks/${stack}/cdk.tf.json#L${found.line}`;
  return url.length > MOST_OF_A_LINK ? undefined : { line: found.line, url };
}

function hexOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function zoneTable({ review }: ReviewReport, size: number): string[] {
  const { zones } = review;
  if (zones.length === 0) return [];
  if (zones.length > size) return [`${countOf(zones.length, "zone")} touched; ${ALL} has all.`];
  const rows = zoneRows(review).map(
    (row) => `| ${row.map((cell) => markdownText(cut(String(cell), MOST_OF_A_TEXT))).join(" | ")} |`,
  );
  return [["| zone | stacks | changes | wall |", "|---|---|---|---|", ...rows].join("\n")];
}

function totals({ review }: ReviewReport): string[] {
  return [
    totalRows(review)
      .map(([what, value]) => markdownText(`${what} ${value}`))
      .join(" · "),
  ];
}

function groupDetails({ id, risk, count, alike }: ReviewGroup, size: number, report: ReviewReport): string[] {
  const lines = firstOf(
    alike.map((each, index) => ({ each, index })),
    size,
    ({ each, index }) => [...(index === 0 ? [] : [""]), ...reviewLines(each, report)],
    ALL,
  );
  return folded(`${risk} ${id}: ${countOf(count, "change")}`, lines);
}
