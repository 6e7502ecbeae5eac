import type { DescribedKey } from "./described-key";
import { type FoundKeys, findAmong, type KeyIdentity, type SameKey } from "./find-keys-like";
import { KeysOfStacks, type LiveConfig } from "./keys-of-stacks";

/**
 * Finds what a cut apply has made and no state has: keys with exactly the planned description and tags, that are not older than
 * that apply, and can be used.
 */
export function findMadeKeys(config: LiveConfig): (
  input: { readonly text: string },
  wanted: KeyIdentity,
  /** When the apply began, ISO 8601. */
  since: string,
  /** Whether the state has it. */
  isKnown: (key: DescribedKey) => boolean,
) => Promise<FoundKeys> {
  const keys = new KeysOfStacks(config);
  return ({ text }, wanted, since, isKnown) => {
    // AWS KMS keeps no fractions of a second of the day on which a key was made.
    const earliest = Math.floor(Date.parse(since) / 1000) * 1000;
    return findAmong(
      keys,
      text,
      wanted,
      config,
      (key) => !isKnown(key) && key.deletedAt === undefined && Date.parse(key.createdAt) >= earliest,
      hasSameTags,
    );
  };
}

const hasSameTags: SameKey = (wanted, found) => {
  const names = Object.keys(wanted);
  return names.length === Object.keys(found).length && names.every((name) => found[name] === wanted[name]);
};
