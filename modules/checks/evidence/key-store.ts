import type { StackKey } from "../../access/synthesized-stack";
import { type Argument, textArgument } from "./key-argument";

export const storeArgument = "custom_key_store_id";

/**
 * The custom key store that has a key's material: its id in AWS, or its address in the same stack. What looks like neither is
 * unclear, so that no id can pass for an address.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CustomKeyStoresListEntry.html
 */
export function keyStoreOf(key: StackKey): Argument<string> {
  if (key.keyStore !== undefined) return { is: "set", value: key.keyStore };
  const id = textArgument(key, storeArgument);
  return id.is === "set" && !/^cks-[0-9a-z]+$/.test(id.value) ? { is: "unclear" } : id;
}
