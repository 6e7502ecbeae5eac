/** The kinds of a grant's encryption context constraint, each as the API and the condition `kms:GrantConstraintType` name it. */
export const grantConstraintTypes = { equals: "EncryptionContextEquals", subset: "EncryptionContextSubset" } as const;

/**
 * Operations of a grant that its encryption context constraint does not apply to: they pass, whatever it says. CreateGrant
 * is none of them: what is granted on has to be constrained at least as strictly.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Constraints
 */
const unconstrained: ReadonlySet<string> = new Set(["DescribeKey", "RetireGrant"]);

/**
 * Whether an encryption context constraint takes anything away from a grant of these operations.
 *
 * @param operations as the CreateGrant API spells them; one that is not known counts as one that data depends on, and so
 * does a list without any
 */
export function constraintNarrows(operations: readonly string[]): boolean {
  return operations.length === 0 || operations.some((operation) => !unconstrained.has(operation));
}
