import { kmsLimits } from "../aws/kms-limits";
import { type PolicyDocument, policyBytes } from "./policy-document";

/**
 * How the uses of a key stand in its policy, the form that is easiest to review first: a statement for each use, which its
 * name tells; a statement for all principals with the same terms; and that with a statement for everybody below an OU.
 */
export const policyForms = ["statement-a-use", "merged", "organization-paths"] as const;
export type PolicyForm = (typeof policyForms)[number];

/** The policies of a key and its replicas, in one form. */
export interface FormedPolicies {
  readonly form: PolicyForm;
  readonly policies: readonly PolicyDocument[];
}

/**
 * The policies of a key in the first form in which all of them fit. It is the same in every Region, and all of a policy's
 * statements are merged or none: one principal more turns a policy around once at most, and never back and forth.
 *
 * @returns the policies in the last of the forms where they fit in none
 */
export function fittingPolicies(
  [form, ...others]: readonly [PolicyForm, ...PolicyForm[]],
  policiesIn: (form: PolicyForm) => readonly PolicyDocument[],
): FormedPolicies {
  const policies = policiesIn(form);
  const [next, ...rest] = others;
  const fit = policies.every((policy) => policyBytes(policy) <= kmsLimits.keyPolicyBytes);
  return fit || next === undefined ? { form, policies } : fittingPolicies([next, ...rest], policiesIn);
}
