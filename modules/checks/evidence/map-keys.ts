import type { MapKey } from "../frame/check";

/** How `CheckRules.keys` names a key. */
export function mapKeyName(accountId: string | undefined, id: string): string {
  return `${accountId} ${id}`;
}

/** The keys that the map asks for in one account. */
export function keysOfAccount(keys: ReadonlyMap<string, MapKey>, accountId: string): readonly MapKey[] {
  const known = byAccount.get(keys) ?? groupByAccount(keys);
  byAccount.set(keys, known);
  return known.get(accountId) ?? [];
}

/** Accounts are asked for one after the other: the list of all keys is sorted out once. */
const byAccount = new WeakMap<ReadonlyMap<string, MapKey>, ReadonlyMap<string, readonly MapKey[]>>();

function groupByAccount(keys: ReadonlyMap<string, MapKey>): ReadonlyMap<string, readonly MapKey[]> {
  const grouped = new Map<string, MapKey[]>();
  for (const key of keys.values()) {
    const own = grouped.get(key.accountId);
    if (own === undefined) grouped.set(key.accountId, [key]);
    else own.push(key);
  }
  return grouped;
}
