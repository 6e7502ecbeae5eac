/**
 * Whole days until something happens, none once it has: of a day that has begun nobody can be sure.
 *
 * @param instant ISO 8601, and so is `now`
 */
export function daysLeft(instant: string, now: string): number {
  return Math.max(0, Math.floor((Date.parse(instant) - Date.parse(now)) / 86_400_000));
}
