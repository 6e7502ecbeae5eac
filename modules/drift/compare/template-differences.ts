import { type Fields, isFields } from "../../access/stack-reading";
import { nameOrder } from "../../aws/name-order";

/**
 * Where two templates differ: `Resources.Key`, or the section where it has no named parts.
 *
 * @param before as `templateValue` gives it, and so is `after`
 */
export function templateDifferences(before: Fields, after: Fields): string[] {
  return namesOf(before, after).flatMap((section) => {
    const [was, is] = [before[section], after[section]];
    if (!isFields(was ?? is) || !isFields(is ?? was)) return isSame(was, is) ? [] : [section];
    const [wasParts, isParts] = [isFields(was) ? was : {}, isFields(is) ? is : {}];
    return namesOf(wasParts, isParts)
      .filter((name) => !isSame(wasParts[name], isParts[name]))
      .map((name) => `${section}.${name}`);
  });
}

function namesOf(before: Fields, after: Fields): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(nameOrder);
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, at) => isSame(each, b[at]));
  if (!isFields(a) || !isFields(b)) return a === b;
  const names = namesOf(a, b);
  return names.length === Object.keys(a).length && names.every((name) => name in b && isSame(a[name], b[name]));
}
