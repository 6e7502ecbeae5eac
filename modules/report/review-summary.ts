import { groupedBy } from "../aws/grouped-by";
import { type Severity, severities } from "../findings/finding";
import type { Review, ReviewChange } from "../review/review";
import { countBySeverity, countOf } from "./check-outcome";
import { type AlikeChanges, alikeChanges } from "./review-groups";
import { originText, type ReviewReport } from "./review-report";

/** Changes of one kind with one risk, which reports show together. */
export interface ReviewGroup {
  readonly id: string;
  readonly risk: Severity;
  readonly count: number;
  readonly alike: readonly AlikeChanges[];
}

/** In the order of the changes: most risky first, then by kind. */
export function groupReview(changes: readonly ReviewChange[]): ReviewGroup[] {
  const groups = groupedBy(changes, ({ risk, id }) => `${risk} ${id}`);
  return [...groups.values()].map((group) => {
    const [{ id, risk }] = group;
    return { id, risk, count: group.length, alike: alikeChanges(group) };
  });
}

/** `5 changes: 2 critical, 3 low`, or `no changes`. */
export function changesText(changes: readonly ReviewChange[]): string {
  if (changes.length === 0) return "no changes";
  const counts = countBySeverity(changes.map(({ risk }) => ({ severity: risk })));
  const parts = severities.filter((risk) => counts[risk] > 0).map((risk) => `${counts[risk]} ${risk}`);
  return `${countOf(changes.length, "change")}: ${parts.join(", ")}`;
}

/** One line: how much of what, and between which. */
export function reviewSummary({ review, base, head }: ReviewReport): string {
  const { changes, sameMeaning } = review;
  const same = sameMeaning.length === 0 ? "" : `; ${countOf(sameMeaning.length, "stack")} the same in other bytes`;
  const sides = `from ${originText(review.base, base)} to ${originText(review.head, head)}`;
  return `${changesText(changes)}${same}; ${countOf(review.head.stacks, "stack")}, ${sides}.`;
}

/** Keys, replicas and cost, before and after. */
export function totalRows({ base, head, cost, changes }: Review): string[][] {
  const delta = cost.after - cost.before;
  const unread = new Set(
    changes.flatMap(({ id, place }) => (id === "stack-unreadable" ? [place.stack ?? place.resource] : [])),
  );
  const more = cents(delta) === 0 ? "" : ` (${delta > 0 ? "+" : "-"}${dollars(Math.abs(delta))})`;
  return [
    ["keys", `${base.keys} -> ${head.keys}`],
    ["replicas", `${base.replicas} -> ${head.replicas}`],
    ["cost", `${dollars(cost.before)} -> ${dollars(cost.after)} a month${more}${unpricedText(cost)}`],
    // What nobody can read may be keys: fewer of them here are not fewer of them there.
    ...(unread.size === 0 ? [] : [["not whole", `${countOf(unread.size, "stack")} cannot be understood`]]),
  ];
}

export function zoneRows({ zones }: Review): (string | number)[][] {
  return zones.map(({ zone, stacks, changes, wall }) => [
    zone,
    countOf(stacks, "stack"),
    countOf(changes, "change"),
    wall ? "WHAT KEEPS IT APART IS ANOTHER" : "",
  ]);
}

/** A sum that leaves something out says so. */
function unpricedText({ unpriced: { before, after } }: Review["cost"]): string {
  if (before + after === 0) return "";
  return `, without ${before === after ? after : `${before} -> ${after}`} whose price is not known`;
}

function dollars(amount: number): string {
  return `$${(cents(amount) / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function cents(amount: number): number {
  return Math.round(amount * 100);
}
