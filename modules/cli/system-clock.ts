import type { Clock } from "../terraform/steps/step";

/** The day it is, in UTC: `2027-01-31`. */
export function todayInUtc(): string {
  return new Date().toISOString().slice(0, 10);
}

/** The instant it is, ISO 8601. */
export function nowInUtc(): string {
  return new Date().toISOString();
}

/** The machine's own time and chance. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    wait: (milliseconds, stop) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          unsubscribe();
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        const unsubscribe = stop.onChange(done);
      }),
  };
}
