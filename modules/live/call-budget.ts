/** Any client of the AWS SDK. */
export interface SdkClient {
  readonly middlewareStack: unknown;
}

/** How many calls of AWS one run may have under way, whatever account they go to, and how many it has made. */
export interface CallBudget {
  /** Made so far, retries included. */
  readonly calls: number;
  /** Lets the calls of a client count, and wait where too many are under way. */
  attach(client: SdkClient): void;
}

/**
 * @param inFlight at most so many at once
 * @param stop once it is aborted every further call fails, also those that wait
 */
export function callBudget(_inFlight: number, _stop?: AbortSignal): CallBudget {
  return { calls: 0, attach: () => undefined };
}
