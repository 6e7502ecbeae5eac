import type { DriftId } from "../findings/drift-ids";
import type { Severity } from "../findings/finding";

/** One kind of drift, for the table in docs/drift.md and for reports. */
export interface DriftKind {
  readonly id: DriftId;
  /** Where what it means here does not make it worse or better. */
  readonly severity: Severity;
  /** What is not as reviewed, in one sentence. */
  readonly means: string;
  /** What makes one more or less severe than that; empty where nothing does. */
  readonly unless: string;
}
