/**
 * How long a key has to be disabled before its deletion can be scheduled. Who still needs it finds out in that time, at
 * the latest from the job that runs once a month, and it comes back in a moment.
 */
export const decommissionDays = { least: 30, most: 3650 } as const;
