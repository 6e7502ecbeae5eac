import type { JsonPlace, ReviewChange, ReviewedAccess, ReviewedSide, ReviewPlace } from "../review/review";
import { countBySeverity } from "./check-outcome";
import { REVIEW_SCHEMA, type ReviewDocument } from "./review-document";
import type { ReviewOrigin, ReviewReport } from "./review-report";

/** Everything, for programs: `orgkeys/review/v1`. */
export function reviewJson(report: ReviewReport): string {
  return JSON.stringify(documentOf(report), null, 2);
}

/** Field by field, here and below, so that the order is the document's and nothing else gets into it. */
function documentOf(report: ReviewReport): ReviewDocument {
  const { review, verdict, base, head, today = null, failures } = report;
  const { changes, zones, cost, sameMeaning } = review;
  return {
    schema: REVIEW_SCHEMA,
    base: sideOf(review.base, base),
    head: sideOf(review.head, head),
    today,
    verdict: { level: verdict.level, line: verdict.line },
    failOn: failures.map(({ reason, why, of }) => ({ reason, why, of: [...of] })),
    summary: {
      changes: changes.length,
      byRisk: countBySeverity(changes.map(({ risk }) => ({ severity: risk }))),
    },
    changes: changes.map((change) => changeOf(change, report)),
    zones: zones.map(({ zone, stacks, changes: count, wall }) => ({ zone, stacks, changes: count, wall })),
    cost: { before: cost.before, after: cost.after, unpriced: { ...cost.unpriced } },
    sameMeaning: [...sameMeaning],
  };
}

function sideOf({ name, commit, stacks, keys, replicas }: ReviewedSide, origin: ReviewOrigin): ReviewDocument["base"] {
  const { isMergeBase, from, code = null, byOwnCode, zones } = origin;
  return { name, commit: commit ?? null, isMergeBase, from, code, byOwnCode, zones, stacks, keys, replicas };
}

function changeOf(change: ReviewChange, report: ReviewReport): ReviewDocument["changes"][0] {
  const { id, risk, place, detail, what, whatToDo, access, lines } = change;
  return {
    id,
    risk,
    place: placeOf(place),
    detail,
    what,
    whatToDo,
    access: access.map(accessOf),
    lines: lines.map((line) => lineOf(line, report)),
  };
}

function placeOf(place: ReviewPlace): ReviewDocument["changes"][0]["place"] {
  const { organization = null, account = null, accountId = null, partition = null, zone = null } = place;
  const { regions, stack, address = null, resource } = place;
  return { organization, account, accountId, partition, zone, regions: [...regions], stack, address, resource };
}

function accessOf(access: ReviewedAccess): ReviewDocument["changes"][0]["access"][0] {
  const { effect, who, whom, actions, key, zone = null, regions, through, outside = null, half } = access;
  const { until = null, conditions } = access;
  return {
    effect,
    who,
    whom,
    actions: [...actions],
    key,
    zone,
    regions: [...regions],
    through,
    outside,
    half,
    until,
    conditions: [...conditions],
  };
}

function lineOf(place: JsonPlace, report: ReviewReport): ReviewDocument["changes"][0]["lines"][0] {
  const { side, stack, path } = place;
  const found = report.lineOf(place);
  return { side, stack, path, file: found?.file ?? null, line: found?.line ?? null };
}
