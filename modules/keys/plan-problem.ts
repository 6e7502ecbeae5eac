import type { FilePlace } from "../organization/problem";

export interface PlanOptions {
  /**
   * The day on which to plan, `2026-11-21`: grants that expire on or before it are left out.
   *
   * @default undefined: no grant is left out, so that the same map gives the same plan on any day
   */
  readonly today?: string | undefined;
}

/** A plan that cannot be: something wrong that only shows when all keys are known. */
export interface PlanProblem {
  /** The place in the map, as in `PlannedKey.sources`. */
  readonly source: string;
  readonly message: string;
  readonly fix: string;
  /** In a file that is no YAML of the map, in place of `source`. */
  readonly place?: FilePlace | undefined;
}
