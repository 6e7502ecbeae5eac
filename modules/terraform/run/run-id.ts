/** `20261122T125145Z-3f2a` */
const RUN_ID = /^\d{8}T\d{6}Z-[0-9a-f]{4}$/;

/**
 * A run's name: when it began, in UTC, so that names sort by age; two that begin in one second differ in what was drawn.
 *
 * @param now milliseconds since 1970
 * @param drawn from 0 to 65535
 */
export function runId(now: number, drawn: number): string {
  const second = instantText(now)
    .replace(/[-:]/g, "")
    .replace(/\.\d+Z$/, "Z");
  return `${second}-${drawn.toString(16).padStart(4, "0")}`;
}

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/** ISO 8601, UTC. */
export function instantText(now: number): string {
  return new Date(now).toISOString();
}
