import { groupedBy } from "../aws/grouped-by";

/** Accounts that could not be read are named as far as this. */
const MOST_NAMES = 5;

/** Something that could not be read. */
interface Cause {
  readonly account: string;
  readonly why: string;
  readonly whatToDo: string;
}

/**
 * What has one cause, in the order of its first: half an organization that is denied is one thing to mend. AWS's words name the
 * account, the key and the request that each of them is about.
 */
export function bySameCause<Item>(
  items: readonly Item[],
  causeOf: (item: Item) => Cause,
): (readonly [Item, ...Item[]])[] {
  const groups = groupedBy(items, (item) => {
    const { account, why, whatToDo } = causeOf(item);
    const words = why
      .replaceAll(account, "")
      .replaceAll(
        /\barn:\S+|\b\d{12}\b|\bRequestI[dD]: [^\s,)]*|\bmrk-\w+|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
        "",
      );
    return JSON.stringify([words, whatToDo]);
  });
  return [...groups.values()];
}

/** `and 12 more accounts for the same reason: a, b, c, d, e and 7 more`; nothing where there are none. */
export function othersText(first: string, accounts: readonly string[]): string[] {
  const others = [...new Set(accounts)].filter((account) => account !== first);
  if (others.length === 0) return [];
  const more = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : "";
  const count = `${others.length} more ${others.length === 1 ? "account" : "accounts"}`;
  return [`and ${count} for the same reason: ${others.slice(0, MOST_NAMES).join(", ")}${more}`];
}
