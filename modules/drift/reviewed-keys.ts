import type { StackUserGrant, SynthesizedStack } from "../access/synthesized-stack";
import type { ReviewedKey } from "./reviewed-key";

/** A grant that the stack of a using account makes on a key of another. */
export interface ForeignGrant extends StackUserGrant {
  readonly stack: string;
}

/**
 * The keys that Terraform makes in an account.
 *
 * @param foreignGrants of all stacks, on keys of this account
 */
export function reviewedKeys(_stack: SynthesizedStack, _foreignGrants: readonly ForeignGrant[]): ReviewedKey[] {
  return [];
}

/** The keys that StackSets and CloudFormation stacks of Terraform's own bring to an account. */
export function templateKeys(_rollouts: readonly SynthesizedStack[], _accountId: string): ReviewedKey[] {
  return [];
}

/** Grants that accounts make on keys of others, by the owner's account id. */
export function foreignGrantsByOwner(
  _stacks: Iterable<SynthesizedStack>,
): ReadonlyMap<string, readonly ForeignGrant[]> {
  return new Map();
}
