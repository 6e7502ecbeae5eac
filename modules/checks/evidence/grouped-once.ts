/**
 * Groups the values of a map by a name of theirs. Keys and accounts are asked for one after the other: each map is sorted out
 * once, and goes with it.
 */
export function groupedOnce<Value>(
  nameOf: (value: Value) => string,
): (all: ReadonlyMap<string, Value>, name: string) => readonly Value[] {
  const known = new WeakMap<ReadonlyMap<string, Value>, ReadonlyMap<string, readonly Value[]>>();
  return (all, name) => {
    const groups = known.get(all) ?? grouped(all.values(), nameOf);
    known.set(all, groups);
    return groups.get(name) ?? [];
  };
}

function grouped<Value>(values: Iterable<Value>, nameOf: (value: Value) => string): ReadonlyMap<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const name = nameOf(value);
    const own = groups.get(name);
    if (own === undefined) groups.set(name, [value]);
    else own.push(value);
  }
  return groups;
}
