/**
 * The one order of names in everything orgkeys writes: by code unit. A locale's order differs between machines, and
 * the output has to be the same bytes everywhere.
 */
export function nameOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorted and without repeats. */
export function uniqueNames(names: Iterable<string>): string[] {
  return [...new Set(names)].sort(nameOrder);
}

/** An object's entries in name order. */
export function inNameOrder<Value>(object: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(object).sort(([a], [b]) => nameOrder(a, b));
}
