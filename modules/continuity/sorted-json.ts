import { isFields } from "../access/stack-reading";
import { nameOrder } from "../aws/name-order";

/** The same text for the same value, whatever the order of its fields. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    isFields(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => nameOrder(a, b))) : inner,
  );
}
