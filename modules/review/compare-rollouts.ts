import type { Comparer } from "./comparer";

/** StackSets, CloudFormation stacks beside them, and the accounts that they reach. */
export const compareRollouts: Comparer = () => [];
