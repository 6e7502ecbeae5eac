import { metadataOfKey } from "../access/stack-metadata";
import type { StackKey } from "../access/synthesized-stack";
import type { PairedStack } from "./stack-pair";

/** What people call a key: of the names that it has, the one that it is meant to have; of one without any, that one or its address. */
export function keyWords(key: StackKey, stack: PairedStack): string {
  const names = stack.aliases
    .filter(({ target, region }) => target === key.address && region === key.region)
    .map(({ name }) => name);
  const meant = metadataOfKey(stack, key)?.alias;
  // A comment that was edited by hand calls no key what another one is called.
  return names.find((name) => name === meant) ?? names[0] ?? meant ?? key.address;
}
