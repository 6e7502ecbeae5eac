import type { Shard } from "../graph/shard-of";
import type { StackGraph } from "../graph/stack-node";
import type { AffectedStack } from "./affected-stacks";
import type { DependentStack } from "./dependents";
import type { OpenedOutput } from "./open-output";

/** One side of a comparison, for a report. */
export type ComparedSide = Pick<OpenedOutput, "name" | "commit" | "isMergeBase" | "from">;

/** What a change touches. */
export interface AffectedReport {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  /** How many stacks there are after the change. */
  readonly stacks: number;
  readonly affected: readonly AffectedStack[];
  /** Undefined when a stack of an output cannot be read: nobody can tell then. */
  readonly dependents: readonly DependentStack[] | undefined;
  /** The stacks after the change; undefined as above. */
  readonly graph: StackGraph | undefined;
  /** The part of the affected stacks that this is about; undefined for all. */
  readonly shard: Shard | undefined;
}
