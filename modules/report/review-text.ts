import { countOf } from "./check-outcome";
import { oneLine } from "./one-line";
import { reviewLines, someOf } from "./review-lines";
import { originLines, type ReviewReport } from "./review-report";
import { groupReview, type ReviewGroup, reviewSummary, totalRows, zoneRows } from "./review-summary";
import { table } from "./table";

/** A person reads no more than this of one kind, and wants to see that there are others. */
const MOST_OF_A_GROUP = 20;

/**
 * A review for people: the verdict first; then what changes, most risky first; then the zones, the totals, what is the same but for
 * its bytes, and the numbers last, where a terminal shows them.
 *
 * @param emphasize for the lines to find on a long page
 */
export function reviewText(report: ReviewReport, emphasize: (text: string) => string = (text) => text): string[] {
  const { review, verdict } = report;
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [emphasize(title), ...lines.map((line) => `  ${line}`), ""];
  return [
    emphasize(oneLine(verdict.line)),
    ...originLines(report).map(oneLine),
    "",
    ...groupReview(review.changes).flatMap((group) => [...groupText(group, report, emphasize), ""]),
    ...part("zones", table(zoneRows(review)).map(oneLine)),
    ...part("before and after", table(totalRows(review))),
    ...part("same meaning, other bytes", sameLines(review.sameMeaning)),
    emphasize(oneLine(reviewSummary(report))),
  ];
}

function groupText(
  { id, risk, count, alike }: ReviewGroup,
  report: ReviewReport,
  emphasize: (text: string) => string,
): string[] {
  const more = alike.slice(MOST_OF_A_GROUP).reduce((sum, { others }) => sum + 1 + others.length, 0);
  return [
    emphasize(`${risk}  ${id}  ${countOf(count, "change")}`),
    ...alike
      .slice(0, MOST_OF_A_GROUP)
      .flatMap((each, index) => [
        ...(index === 0 ? [] : [""]),
        ...reviewLines(each, report).map((line) => `  ${line}`),
      ]),
    ...(more > 0 ? ["", `  and ${more} more; --format json has all`] : []),
  ];
}

function sameLines(stacks: readonly string[]): string[] {
  return stacks.length === 0 ? [] : [oneLine(someOf(stacks, MOST_OF_A_GROUP))];
}
