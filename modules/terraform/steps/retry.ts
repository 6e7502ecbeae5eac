import type { Clock, StopSignal } from "./step";

export const DEFAULT_ATTEMPTS = 5;

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * How long to wait before the next attempt: twice as long each time, of which a random half. Stacks of one account are throttled
 * together, and would otherwise come back together.
 *
 * @param attempt The one that failed, from 1.
 */
export function waitBefore(attempt: number, clock: Clock): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * clock.random());
}

/** @returns Whether the wait came to its end. */
export async function waited(milliseconds: number, clock: Clock, stop: StopSignal): Promise<boolean> {
  await clock.wait(milliseconds, stop);
  return stop.level === 0;
}
