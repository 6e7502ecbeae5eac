import { type AccessIndex, type AccountPlace, indexStacks, type KeyEntry } from "./access-index";
import type { SynthesizedStack } from "./synthesized-stack";
import { type KeyAccess, whoCan } from "./who-can";

/** Who can do what with the keys of one stack, each worked out once for everybody who asks. */
export interface StackAccess {
  /** Of this stack alone. */
  readonly index: AccessIndex;
  of(key: KeyEntry): KeyAccess;
}

/** @param places where accounts are, by id */
export function accessOfStack(stack: SynthesizedStack, places: ReadonlyMap<string, AccountPlace>): StackAccess {
  const index = indexStacks([stack], places);
  const known = new Map<KeyEntry, KeyAccess>();
  return {
    index,
    of: (key) => {
      const access = known.get(key) ?? whoCan(index, key);
      known.set(key, access);
      return access;
    },
  };
}
