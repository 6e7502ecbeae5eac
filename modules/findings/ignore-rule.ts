import type { DriftId } from "./drift-ids";

/** Drift that somebody answers for: `config/drift.yaml`. What it does not say matches everything. */
export interface IgnoreRule {
  readonly name: string;
  readonly drift: DriftId;
  /** Names of accounts. @default all */
  readonly accounts: readonly string[] | undefined;
  /** @default all */
  readonly zones: readonly string[] | undefined;
  /** With `*` and `?` as wildcards, over the finding's resource: `alias/legacy-*`. @default all */
  readonly resource: string | undefined;
  /** Whether it was written for what is critical by what it means. @default false */
  readonly critical: boolean;
  readonly owner: string;
  readonly reason: string;
  /** The day from which it no longer holds. */
  readonly expires: string;
  /** `drift.yaml NAME` */
  readonly source: string;
}

/**
 * Whether a rule means one resource of accounts that it names, and no other: nothing less ignores what is critical.
 */
export function isExact(rule: {
  readonly accounts?: readonly string[] | undefined;
  readonly resource?: string | undefined;
}): boolean {
  const { accounts, resource } = rule;
  return accounts !== undefined && resource !== undefined && !/[*?]/.test(resource);
}
