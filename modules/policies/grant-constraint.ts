import { grantConstraintTypes } from "../aws/grant-constraint";
import { encryptionContextCondition } from "./key-use";
import type { PolicyCondition } from "./policy-document";

/** What a grant asks of the encryption context: exactly these pairs, or at least these. */
export interface GrantConstraint {
  readonly kind: "equals" | "subset";
  readonly pairs: Readonly<Record<string, string>>;
}

/**
 * The constraint as a condition on the encryption context of a request. CreateGrant carries the pairs of its constraint
 * like a cryptographic operation carries its own, so that one condition serves both.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
 */
export function constrainedContext(constraint: GrantConstraint | undefined): PolicyCondition | undefined {
  if (constraint === undefined) return undefined;
  const { kind, pairs } = constraint;
  return {
    ...encryptionContextCondition(pairs),
    // Alone it would let a request without any encryption context through; the pairs above do not.
    ...(kind === "equals" ? { "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": Object.keys(pairs) } } : {}),
  };
}

/** CreateGrant for a grant with this kind of constraint only; nothing for a grant without one. */
export function constraintTypeCondition(constraint: GrantConstraint | undefined): PolicyCondition | undefined {
  if (constraint === undefined) return undefined;
  return { StringEquals: { "kms:GrantConstraintType": [grantConstraintTypes[constraint.kind]] } };
}
