import { isCalendarDay } from "./calendar-day";

/**
 * A day, which stands for its first instant in UTC, or an instant with its time zone: `2026-12-01T18:00+01:00`.
 *
 * @returns `2026-12-01T17:00:00Z`, the one form in which instants are compared and written; undefined for any other text
 */
export function instantOf(text: string): string | undefined {
  if (isCalendarDay(text)) return `${text}T00:00:00Z`;
  const match = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(text);
  if (match === null || !isCalendarDay(match[1] ?? "")) return undefined;
  return new Date(text).toISOString().replace(".000Z", "Z");
}
