import type { Selection } from "../../findings/selection";
import type { StackNode } from "../graph/stack-node";

/** What the command line selects stacks by: kinds combine as AND, values of one kind as OR. */
export interface StackSelection extends Selection {
  /** Against the names of stacks, as in `commercial.workloads.prod.*`. */
  readonly globs: readonly string[];
  /** Globs of stacks that are left out of all that. */
  readonly excludes: readonly string[];
}

export interface SelectionContext {
  /** Names of the map: one that is known there is no mistake, also where no stack has it. */
  readonly known: Selection;
  /** Only these stacks, with the reason of each: `key policy changed`. Undefined for all. */
  readonly affected: ReadonlyMap<string, string> | undefined;
}

export interface SelectedStack {
  readonly node: StackNode;
  /** `in OU Workloads/Prod, affected: key policy changed` */
  readonly why: string;
}
