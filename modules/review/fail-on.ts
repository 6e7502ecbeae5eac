import { nameOrder } from "../aws/name-order";
import type { Review, ReviewChange } from "./review";
import type { ReviewId } from "./review-ids";

/** What a pipeline may refuse, in the order of the help. */
export const failReasons = ["zone", "widening", "replacement"] as const;
export type FailReason = (typeof failReasons)[number];

/** A reason that holds, and for what. */
export interface ReviewFailure {
  readonly reason: FailReason;
  /** `the wall of zone pci is touched` */
  readonly why: string;
  /** What it holds for, in the order of the review. */
  readonly of: readonly string[];
}

/** A new key's own access lets nobody at anything that was there. */
const newKeys: ReadonlySet<ReviewId> = new Set(["key-added"]);
/** They let somebody do what was denied, whoever it is. */
const deniesLess: ReadonlySet<ReviewId> = new Set([
  "guardrail-denies-less",
  "guardrail-removed",
  "guardrail-targets-removed",
]);
const endsKey: ReadonlySet<ReviewId> = new Set([
  "key-disabled",
  "key-let-go",
  "key-moved",
  "key-removed",
  "key-replaced",
  "replica-removed",
  "replica-replaced",
]);
const unknown: ReadonlySet<ReviewId> = new Set(["access-unreadable", "stack-unreadable"]);

/**
 * Which of the reasons hold. What nobody can tell holds for each of them: a gate that lets the unknown through is none.
 *
 * @param reasons in whatever order, once or more often
 */
export function failuresOf(review: Review, reasons: readonly FailReason[]): ReviewFailure[] {
  const { zones, changes } = review;
  const found: Record<FailReason, () => ReviewFailure> = {
    zone: () => ({
      reason: "zone",
      why: "what keeps a zone apart is another",
      of: [...zones.filter(({ wall }) => wall).map(({ zone }) => `zone ${zone}`), ...placesOf(changes, isUnknown)],
    }),
    widening: () => ({
      reason: "widening",
      why: "somebody can do what was not allowed before",
      of: placesOf(changes, (change) => widens(change) || isUnknown(change)),
    }),
    replacement: () => ({
      reason: "replacement",
      why: "keys or replicas are replaced, removed, moved or taken out of use",
      of: placesOf(changes, (change) => ends(change) || isUnknown(change)),
    }),
  };
  return failReasons
    .filter((reason) => reasons.includes(reason))
    .map((reason) => found[reason]())
    .filter(({ of }) => of.length > 0);
}

function widens({ id, access }: ReviewChange): boolean {
  return deniesLess.has(id) || (!newKeys.has(id) && access.some(({ effect }) => effect === "gains"));
}

/** A step back towards use is a harmless one, and has no such risk. */
function ends({ id, risk }: ReviewChange): boolean {
  return endsKey.has(id) || (id === "key-step-changed" && isHigh(risk));
}

function isUnknown({ id, risk }: ReviewChange): boolean {
  return unknown.has(id) || (id === "other-changed" && isHigh(risk));
}

function isHigh(risk: ReviewChange["risk"]): boolean {
  return risk === "critical" || risk === "high";
}

function placesOf(changes: readonly ReviewChange[], isMeant: (change: ReviewChange) => boolean): string[] {
  const names = changes.filter(isMeant).map(({ place }) => {
    return place.account === undefined || place.resource === place.account
      ? place.resource
      : `${place.resource} in ${place.account}`;
  });
  return [...new Set(names)].sort(nameOrder);
}
