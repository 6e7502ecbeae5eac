import { uniqueNames } from "../aws/name-order";

const MOST_NAMED = 4;

/** `payments-prod, payments-test and 12 more`, in name order. */
export function listedNames(names: Iterable<string>): string {
  const all = uniqueNames(names);
  const more = all.length - MOST_NAMED;
  if (more > 1) return `${all.slice(0, MOST_NAMED).join(", ")} and ${more} more`;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
