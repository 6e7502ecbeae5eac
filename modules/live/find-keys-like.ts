import { isSameIdentity } from "../access/identity-tags";
import { atMost } from "./at-most";
import { messageOf } from "./aws-error";
import type { DescribedKey } from "./described-key";
import { KeysOfStacks, type LiveConfig } from "./keys-of-stacks";

/** What a key is known by. */
export interface KeyIdentity {
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string;
}

export type FoundKeys = readonly DescribedKey[] | { readonly unread: string };

/**
 * Finds keys that are the same as one that a plan would make: the same description, and the same tags of those that say what a
 * key is for. One function for a whole run: it remembers what it has read.
 */
export function findKeysLike(
  config: LiveConfig,
): (input: { readonly text: string }, wanted: KeyIdentity) => Promise<FoundKeys> {
  const keys = new KeysOfStacks(config);
  return ({ text }, wanted) => findAmong(keys, text, wanted, config, () => true, isSameIdentity);
}

export type SameKey = (wanted: KeyIdentity["tags"], found: KeyIdentity["tags"]) => boolean;

/** Only of keys with the wanted description the tags are asked for. */
export async function findAmong(
  keys: KeysOfStacks,
  text: string,
  wanted: KeyIdentity,
  { concurrency = 8 }: LiveConfig,
  isCandidate: (key: DescribedKey) => boolean,
  isSame: SameKey,
): Promise<FoundKeys> {
  try {
    const read = await keys.in(text, wanted.region);
    if ("unread" in read) return read;
    const alike = read.keys.filter((key) => key.description === wanted.description && isCandidate(key));
    const found = await atMost(concurrency, alike, async (key) =>
      isSame(wanted.tags, await read.tagsOf(key.keyId)) ? [key] : [],
    );
    return found.flat();
  } catch (error) {
    return { unread: messageOf(error) };
  }
}
