import type { StackKey } from "../../access/synthesized-stack";
import type { ReviewedAccess } from "../review";
import type { ReviewContext } from "../review-context";
import type { PairedStack, StackPair } from "../stack-pair";

/** Who can do what with a key of one side: what a new key gives, and what one that is gone gave. */
export function accessOfKey(
  _key: StackKey,
  _stack: PairedStack,
  _pair: StackPair,
  _context: ReviewContext,
): ReviewedAccess[] {
  return [];
}
