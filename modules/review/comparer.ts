import type { ReviewChange } from "./review";
import type { ReviewContext } from "./review-context";
import type { StackPair } from "./stack-pair";

/** What one part of a review finds in one stack. */
export type Comparer = (pair: StackPair, context: ReviewContext) => readonly ComparedChange[];

/** A change, and which differences of the JSON it tells: what no comparer claims is told as `other-changed`. */
export interface ComparedChange extends ReviewChange {
  /** As `explained` writes it; where an address is another on each side, both. */
  readonly explains: readonly string[];
}

/**
 * The name of a difference.
 *
 * @param address `aws_kms_key.payments_prod_us-east-1`, `provider.aws.us-east-1`, `terraform.backend`
 * @param argument undefined for the whole of it: all its arguments, whether it is new, gone or another
 */
export function explained(address: string, argument?: string): string {
  return argument === undefined ? address : `${address} ${argument}`;
}
