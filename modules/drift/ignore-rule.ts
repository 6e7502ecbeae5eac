import type { DriftId } from "../findings/drift-ids";

/** Drift that somebody answers for: `config/drift.yaml`. What it does not say matches everything. */
export interface IgnoreRule {
  readonly name: string;
  readonly drift: DriftId;
  /** Names or ids of accounts. @default all */
  readonly accounts: readonly string[] | undefined;
  /** @default all */
  readonly zones: readonly string[] | undefined;
  /** A glob over the finding's resource: `alias/legacy-*`. @default all */
  readonly resource: string | undefined;
  readonly owner: string;
  readonly reason: string;
  /** The day from which it no longer holds. */
  readonly expires: string;
  /** `drift.yaml NAME` */
  readonly source: string;
}
