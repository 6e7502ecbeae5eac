/**
 * Limits of AWS Organizations. Each is written once and used by the check and by its message.
 *
 * Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html,
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html
 */
export const organizationsLimits = {
  /** A service or resource control policy, white space included: AWS saves what its API is given. */
  policyCharacters: 5120,
  policyNameLength: 128,
  policyDescriptionLength: 512,
  /** Policies of one type that are attached to a root, an OU or an account itself; what it inherits does not count. */
  policiesPerTarget: 5,
  /**
   * Of those, AWS's own: `FullAWSAccess` and `RCPFullAWSAccess`, on every root, OU and account.
   *
   * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
   */
  awsPoliciesPerTarget: 1,
  tagsPerPolicy: 50,
} as const;
