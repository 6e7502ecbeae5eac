import { nameOrder } from "../aws/name-order";
import type { Review, ReviewChange } from "./review";
import type { ReviewId } from "./review-ids";
import { resourceWords } from "./words";

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
  "state-moved",
]);
/** Of these the risk says whether keys go, or are left to themselves, with them. */
const mayEndKeys: ReadonlySet<ReviewId> = new Set([
  "key-step-changed",
  "key-store-removed",
  "rollout-accounts-removed",
  "rollout-removed",
  "stack-removed",
]);
const remakes: ReadonlySet<ReviewId> = new Set(["key-store-changed", "rollout-changed"]);
/** Of these the risk says that they give roles, policies or keys: nobody tells to whom. */
const mayWiden: ReadonlySet<ReviewId> = new Set(["rollout-accounts-added", "rollout-added", "rollout-changed"]);
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

/** The own access of a new key lets nobody at anything that was there, and is of no such risk. */
function widens({ id, risk, access }: ReviewChange): boolean {
  const isOfNewKey = id === "key-added" || risk === "low" || risk === "information";
  if (deniesLess.has(id) || (mayWiden.has(id) && isHigh(risk))) return true;
  return !isOfNewKey && access.some(({ effect }) => effect === "gains");
}

/** A step back towards use is a harmless one, and has no such risk. */
function ends({ id, risk }: ReviewChange): boolean {
  return endsKey.has(id) || (mayEndKeys.has(id) && isHigh(risk)) || (remakes.has(id) && risk === "critical");
}

function isUnknown({ id, risk }: ReviewChange): boolean {
  return unknown.has(id) || (id === "other-changed" && isHigh(risk));
}

function isHigh(risk: ReviewChange["risk"]): boolean {
  return risk === "critical" || risk === "high";
}

function placesOf(changes: readonly ReviewChange[], isMeant: (change: ReviewChange) => boolean): string[] {
  const names = changes.filter(isMeant).map(({ place }) => resourceWords(place.resource, place.account ?? ""));
  return [...new Set(names)].sort(nameOrder);
}
