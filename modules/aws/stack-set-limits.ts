/**
 * Limits of StackSets beside those of their templates. Each is written once and used by the check and by its message.
 *
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html
 */
export const stackSetLimits = {
  /** Letters, digits and hyphens, first a letter; a stack's name too. */
  nameLength: 128,
  descriptionLength: 1024,
  tags: 50,
  tagKeyLength: 128,
  tagValueLength: 256,
  /**
   * OUs that one call brings instances to.
   *
   * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html
   */
  ousPerCall: 50,
  /** Accounts of a Region at a time, and their share. */
  concurrency: { leastCount: 1, leastPercentage: 1 },
  /** Accounts of a Region that may fail, and their share. */
  failureTolerance: { leastCount: 0, leastPercentage: 0 },
} as const;
