import { distance } from "fastest-levenshtein";
import { nameOrder } from "../aws/name-order";

/** The known name that somebody most likely meant, or undefined when none is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  const most = name.length <= 3 ? 1 : Math.max(2, Math.floor(name.length / 5));
  let least = most + 1;
  for (const candidate of known) {
    // No distance is less than the difference in length: among 10,000 accounts this leaves few to compare.
    if (Math.abs(candidate.length - name.length) > least) continue;
    const far = distance(wanted, candidate.toLowerCase());
    if (far > least || (far === least && (nearest === undefined || nameOrder(candidate, nearest) > 0))) continue;
    nearest = candidate;
    least = far;
  }
  return nearest;
}

/** `payments` for `payments-prod` or `production` for `prod`, when there is only one such name. */
function onlyNameThatBegins(name: string, known: readonly string[]): string | undefined {
  const begins = (long: string, short: string): boolean => short.length >= 4 && long.startsWith(short);
  const [first, second] = known.filter((each) => begins(each, name) || begins(name, each));
  return second === undefined ? first : undefined;
}

/** `did you mean payments-prod?`, or the names that there are. */
export function suggestName(name: string, known: Iterable<string>, otherwise: string): string {
  const names = [...known];
  const nearest = nearestName(name, names) ?? onlyNameThatBegins(name, names);
  return nearest === undefined ? otherwise : `did you mean ${nearest}?`;
}

/**
 * Names as they were most likely meant, each that is known by itself. What has been reported as unknown once is not
 * reported again wherever the right name stands.
 */
export function likelyNames(names: readonly string[], known: readonly string[]): string[] {
  return [...new Set(names.map((name) => (known.includes(name) ? name : (nearestName(name, known) ?? name))))];
}

/** A few of many names, for a message. */
export function listNames(names: Iterable<string>, most = 12): string {
  const sorted = [...new Set(names)].sort(nameOrder);
  if (sorted.length === 0) return "none";
  const more = sorted.length - most;
  return sorted.slice(0, most).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
