import type { StackNode } from "../graph/stack-node";

/** What the command line selects stacks by: kinds combine as AND, values of one kind as OR. */
export interface StackSelection {
  /** `Workloads/Prod` or `commercial/Workloads/Prod`, each with everything below. */
  readonly ous: readonly string[];
  readonly zones: readonly string[];
  /** By name or id. */
  readonly accounts: readonly string[];
  /** Against the names of stacks, as in `commercial.workloads.prod.*`. */
  readonly globs: readonly string[];
  /** Globs of stacks that are left out of all that. */
  readonly excludes: readonly string[];
}

export interface SelectionContext {
  /** Names of the map: one that is known there is no mistake, also where no stack has it. */
  readonly known: KnownNames;
  /** Only these stacks, with the reason of each: `key policy changed`. Undefined for all. */
  readonly affected: ReadonlyMap<string, string> | undefined;
}

export interface KnownNames {
  /** With and without the organization's name before them. */
  readonly ous: readonly string[];
  readonly zones: readonly string[];
  /** Names and ids. */
  readonly accounts: readonly string[];
}

export interface SelectedStack {
  readonly node: StackNode;
  /** `in OU Workloads/Prod, affected: key policy changed` */
  readonly why: string;
}
