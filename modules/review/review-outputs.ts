import type { ZoneBoundaries } from "../access/zone-boundary";
import { compareAccess } from "./access/compare-access";
import { compareAliases } from "./compare-aliases";
import { compareGuardrails } from "./compare-guardrails";
import { compareKeyStores } from "./compare-key-stores";
import { compareKeys } from "./compare-keys";
import { compareRollouts } from "./compare-rollouts";
import { compareStack } from "./compare-stack";
import type { Comparer } from "./comparer";
import { compareQuotas } from "./near-quotas";
import { compareResidency } from "./residency";
import type { Review } from "./review";

/** One side of a review: the output folder, or that of a commit. */
export interface ReviewOutput {
  /** As the user wrote it: a folder, or git's name of a commit. */
  readonly name: string;
  readonly commit: string | undefined;
  /** Names of its stacks. */
  readonly stacks: readonly string[];
  /** A stack's `cdk.tf.json`; undefined when it cannot be read. */
  textOf(stack: string): string | undefined;
}

export interface ReviewSettings {
  /** Of head's map: the trusted side. */
  readonly zones: ZoneBoundaries;
  /** Of base's map where it is known, else the same: tells accounts that move between zones. */
  readonly zonesBefore: ZoneBoundaries;
  /** The day, as in 2027-01-31. */
  readonly today: string | undefined;
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

export function reviewOutputs(base: ReviewOutput, head: ReviewOutput, settings: ReviewSettings): Review {
  throw new Error(`${base.name} ${head.name} ${settings.today}`);
}
