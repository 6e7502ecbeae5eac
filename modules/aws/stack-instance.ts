/**
 * One summary of ListStackInstances, of the StackSet that was asked for.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackInstanceSummary.html
 */
export interface StackInstance {
  readonly stackSet: string;
  readonly accountId: string;
  readonly region: string;
  /** Of the OU, or the root, that it was made for; undefined where AWS says none. */
  readonly ouId: string | undefined;
  /** CURRENT, OUTDATED or INOPERABLE. */
  readonly status: string;
  /** SUCCEEDED, FAILED, SKIPPED_SUSPENDED_ACCOUNT and others; undefined where AWS says none. */
  readonly detailedStatus: string | undefined;
  readonly statusReason: string | undefined;
}
