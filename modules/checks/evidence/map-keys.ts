import type { StackKey, SynthesizedStack } from "../../access/synthesized-stack";
import type { MapKey } from "../frame/check";
import { groupedOnce } from "./grouped-once";

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

/** The keys that the map asks for in one account, by its id. */
export const keysOfAccount = groupedOnce<MapKey>(({ accountId }) => accountId);
