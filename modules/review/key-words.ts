import { metadataOfKey } from "../access/stack-metadata";
import type { StackKey } from "../access/synthesized-stack";
import type { PairedStack } from "./stack-pair";

/** What people call a key: the name that it is meant to have, any that it has, or its address. */
export function keyWords(key: StackKey, stack: PairedStack): string {
  const alias = stack.aliases.find(({ target, region }) => target === key.address && region === key.region);
  return metadataOfKey(stack, key)?.alias ?? alias?.name ?? key.address;
}
