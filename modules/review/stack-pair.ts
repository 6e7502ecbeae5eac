import type { SynthesizedStack } from "../access/synthesized-stack";
import type { StackJson } from "../continuity/stack-json/read-stack-json";

/** One stack of both sides, however it is called on each. At least one side is there. */
export interface StackPair {
  /** Its name at head; of a stack that is gone, the one that it had. */
  readonly name: string;
  readonly before: PairedStack | undefined;
  readonly after: PairedStack | undefined;
}

/** The model of a stack, and its JSON without comments. */
export interface PairedStack extends SynthesizedStack {
  readonly read: StackJson;
}

/** The side that the stack is still on. */
export function remaining({ before, after }: StackPair): PairedStack {
  const stack = after ?? before;
  if (stack === undefined) throw new Error("a pair of stacks has none");
  return stack;
}
