import type { StackKey, SynthesizedStack } from "../../access/synthesized-stack";
import type { MapKey } from "../frame/check";

/** How `CheckRules.keys` names a key. */
export function mapKeyName(accountId: string | undefined, id: string): string {
  return `${accountId} ${id}`;
}

/** What the map says of a key, or of a replica's primary; undefined for a key that it does not ask for. */
export function mapKeyOf(
  stack: SynthesizedStack,
  key: StackKey,
  keys: ReadonlyMap<string, MapKey>,
): MapKey | undefined {
  const address = key.kind === "replica" ? key.primary : key.address;
  return address === undefined ? undefined : keys.get(mapKeyName(stack.accountId, resourceId(address)));
}

/** `aws_kms_key.payments_prod_us-east-1` without its type. */
export function resourceId(address: string): string {
  return address.slice(address.indexOf(".") + 1);
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
