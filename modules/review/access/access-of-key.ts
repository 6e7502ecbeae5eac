import type { StackKey } from "../../access/synthesized-stack";
import type { ReviewedAccess } from "../review";
import type { ReviewContext } from "../review-context";
import type { PairedStack, StackPair } from "../stack-pair";
import { keyRows } from "./compare-key-access";

/** Who can do what with a key of one side: what a new key gives, and what one that is gone gave. */
export function accessOfKey(
  key: StackKey,
  stack: PairedStack,
  pair: StackPair,
  context: ReviewContext,
): ReviewedAccess[] {
  return keyRows({ key, stack }, pair, context).map(({ row }) => row);
}
