import { sortedJson } from "../continuity/sorted-json";

/** Policies take more room than this, and their differences have words of their own. */
const MOST_OF_A_VALUE = 80;

/** A value of the JSON, for a sentence: `365`, `"a b"`, `none`; nothing of one that takes too much room. */
export function valueWords(value: unknown): string | undefined {
  if (value === undefined) return "none";
  const text = sortedJson(value);
  return text.length <= MOST_OF_A_VALUE ? text : undefined;
}

/** `multi_region false becomes true`; the name alone where the values take too much room. */
export function becomesWords(name: string, before: unknown, after: unknown): string {
  const [was, is] = [valueWords(before), valueWords(after)];
  return was === undefined || is === undefined ? `${name} is another` : `${name} ${was} becomes ${is}`;
}

/** `1 key`, `2 keys` */
export function countWords(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/**
 * `alias/payments-prod in pci-key-management`; what is about an account or a stack as a whole names it once.
 *
 * @param inside an account or a stack; empty where there is none
 */
export function resourceWords(resource: string, inside: string): string {
  const isWhole = [inside, `account ${inside}`, `stack ${inside}`].includes(resource);
  return inside === "" || isWhole ? resource : `${resource} in ${inside}`;
}

/** At most so many names, and how many there are besides. */
const MOST_NAMES = 5;

/** `a, b and 3 more` */
export function namesWords(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
