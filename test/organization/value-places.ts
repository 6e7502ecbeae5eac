/** What YAML can hold. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };
export type Place = readonly (string | number)[];

/** Every place of a value, its top included. */
export function placesIn(value: Value): Place[] {
  if (typeof value !== "object" || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner).map((rest) => [key, ...rest]))];
}

/** The value with what stands at a place changed; undefined takes it away. */
export function changedAt(
  value: Value,
  [first, ...rest]: Place,
  change: (inner: Value) => Value | undefined,
): Value | undefined {
  if (first === undefined) return change(value);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const now = key === String(first) ? changedAt(inner, rest, change) : inner;
    return now === undefined ? [] : [[key, now] as const];
  });
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
