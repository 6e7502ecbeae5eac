import type { ZoneBoundaries } from "../access/zone-boundary";
import { nameOrder } from "../aws/name-order";
import { hasOtherWalls } from "./access/access-place";
import { compareAccess } from "./access/compare-access";
import { besideChanges } from "./beside-changes";
import { compareAliases } from "./compare-aliases";
import { compareGuardrails } from "./compare-guardrails";
import { compareKeyStores } from "./compare-key-stores";
import { compareKeys } from "./compare-keys";
import { compareRollouts } from "./compare-rollouts";
import { compareStack } from "./compare-stack";
import { compareTags } from "./compare-tags";
import type { ComparedChange, Comparer } from "./comparer";
import { mergeRegions } from "./merge-regions";
import { compareQuotas } from "./near-quotas";
import { otherChanges } from "./other-changes";
import { outlineSides } from "./outline-sides";
import { OutputIndex, type StackOutline } from "./output-index";
import { type OutlinePair, pairOutlines } from "./pair-outlines";
import { compareResidency } from "./residency";
import type { Review, ReviewChange, ReviewedSide } from "./review";
import type { ReviewContext } from "./review-context";
import type { ReviewOutput } from "./review-output";
import { sortChanges } from "./sort-changes";
import { isUnreadable, readStackPair, type StackPair } from "./stack-pair";
import { SumUp, sumName } from "./sum-up";
import { TouchedZones } from "./touched-zones";

export type { ReviewOutput } from "./review-output";

export interface ReviewSettings {
  /** Of head's map: the trusted side. */
  readonly zones: ZoneBoundaries;
  /** Of base's map where it is known, else the same: tells accounts that move between zones. */
  readonly zonesBefore: ZoneBoundaries;
  /** The day, as in 2027-01-31. */
  readonly today: string | undefined;
  /** What the two texts cannot say, such as what a plan knows besides. @default none */
  readonly further?: readonly ReviewChange[];
  /** Called for each stack that is read. */
  readonly onStack?: (stack: string, done: number, total: number) => void;
}

/** Every part of a review, in the order in which they look at a pair of stacks. */
export const comparers: readonly Comparer[] = [
  compareStack,
  compareKeys,
  compareKeyStores,
  compareAliases,
  compareAccess,
  compareGuardrails,
  compareRollouts,
  compareResidency,
  compareQuotas,
];

/**
 * What the change from one output to another means. Stacks are read one after the other and none of them is kept: of those that are the
 * same on both sides nothing is read but which keys they have, unless a zone ends elsewhere than before.
 */
export function reviewOutputs(base: ReviewOutput, head: ReviewOutput, settings: ReviewSettings): Review {
  const { same, old, fresh } = outlineSides(base, head, settings.onStack);
  const context: ReviewContext = {
    zones: settings.zones,
    zonesBefore: settings.zonesBefore,
    today: settings.today,
    base: new OutputIndex([...same, ...old], (stack) => base.textOf(stack)),
    head: new OutputIndex([...same, ...fresh], (stack) => head.textOf(stack)),
  };
  const changes: ReviewChange[] = [];
  const sameMeaning: string[] = [];
  const sums = new SumUp();
  const zones = new TouchedZones();
  // Where a zone ends elsewhere, others are outside of it without any difference in a stack.
  const unmoved = hasOtherWalls(context) ? same.map((outline): OutlinePair => [outline, outline]) : [];
  for (const [before, after] of [...pairOutlines(old, fresh), ...unmoved]) {
    const pair = readStackPair(
      before === undefined ? undefined : { name: before.name, text: base.textOf(before.name) },
      after === undefined ? undefined : { name: after.name, text: head.textOf(after.name) },
    );
    const found = [...comparePair(pair, context), ...besideChanges(pair, base, head, context)];
    if (found.length === 0 && before !== after) sameMeaning.push(pair.name);
    for (const { explains: _, ...change } of found) {
      zones.add(change, isSummedUp(change) ? sumName(change) : undefined);
      const former = pair.before?.metadata.zone;
      if (change.id === "zone-changed" && former !== undefined) zones.addFormer(former, pair.name);
      if (isSummedUp(change)) sums.add(change);
      else changes.push(change);
    }
  }
  for (const change of settings.further ?? []) {
    zones.add(change);
    changes.push(change);
  }
  const furtherIn = new Set(settings.further?.map(({ place }) => place.stack));
  return {
    base: sideOf(base, [...same, ...old]),
    head: sideOf(head, [...same, ...fresh]),
    changes: sortChanges([...changes, ...sums.changes()]),
    sameMeaning: sameMeaning.filter((stack) => !furtherIn.has(stack)).sort(nameOrder),
    zones: zones.zones(),
    cost: { before: costOf([...same, ...old]), after: costOf([...same, ...fresh]) },
  };
}

/** Everything that is to be said of one pair of stacks; nothing when it means the same. */
export function comparePair(pair: StackPair, context: ReviewContext): ComparedChange[] {
  // Nothing is in what cannot be read: whatever the other side has would be told as new or gone.
  if (isUnreadable(pair)) return [...compareStack(pair, context)];
  const told = [...comparers.flatMap((compare) => compare(pair, context)), ...compareTags(pair, context)];
  return mergeRegions([...told, ...otherChanges(pair, told, context)]);
}

/** Of these thousands may be alike. */
function isSummedUp({ id, place }: ReviewChange): boolean {
  return id === "tags-changed" || (id === "other-changed" && place.address === undefined);
}

function sideOf({ name, commit }: ReviewOutput, outlines: readonly StackOutline[]): ReviewedSide {
  const count = (wanted: "key" | "replica"): number =>
    outlines.reduce((sum, { keys }) => sum + keys.filter(({ kind }) => kind === wanted).length, 0);
  return { name, commit, stacks: outlines.length, keys: count("key"), replicas: count("replica") };
}

function costOf(outlines: readonly StackOutline[]): number {
  return Math.round(outlines.reduce((sum, { cost }) => sum + cost, 0) * 100) / 100;
}
