import { nameOrder } from "../aws/name-order";

/**
 * The fewest globs that cover some stacks and no others: an OU that is covered as a whole is one glob, so that an account that
 * joins it later is covered too. `*` does not stop at dots.
 *
 * @param wanted names, all of them among `all`
 * @returns sorted
 */
export function stackGlobs(wanted: Iterable<string>, all: Iterable<string>): string[] {
  const names = new Set(wanted);
  const foreign = new Set<string>();
  for (const name of all) if (!names.has(name)) for (const prefix of prefixesOf(name)) foreign.add(prefix);
  const globs = [...names].map((name) => {
    // The organization alone is no OU: its zones' own stacks are named after it too.
    const whole = prefixesOf(name).find((prefix) => prefix.includes(".") && !foreign.has(prefix));
    return whole === undefined ? name : `${whole}.*`;
  });
  return [...new Set(globs)].sort(nameOrder);
}

/** `a`, `a.b` for `a.b.c`. */
function prefixesOf(name: string): string[] {
  const parts = name.split(".");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("."));
}
