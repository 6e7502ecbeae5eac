import type { ReviewedKey } from "../reviewed/reviewed-key";
import type { KeyMatches, KeyPair } from "./match-keys";

/** Which reviewed keys are whose replicas, and which of either AWS has. */
export class KeyFamilies {
  readonly #keys = new Map<string, ReviewedKey>();
  readonly #replicas = new Map<string, ReviewedKey[]>();
  readonly #pairs: ReadonlyMap<ReviewedKey, KeyPair>;

  constructor({ pairs, missing, unchecked }: KeyMatches) {
    this.#pairs = new Map(pairs.map((pair) => [pair.reviewed, pair]));
    for (const key of [...this.#pairs.keys(), ...missing, ...unchecked]) {
      if (key.kind === "key") this.#keys.set(nameOf(key, key.address), key);
      if (key.primary === undefined) continue;
      const name = nameOf(key, key.primary);
      this.#replicas.set(name, [...(this.#replicas.get(name) ?? []), key]);
    }
  }

  pairOf(key: ReviewedKey): KeyPair | undefined {
    return this.#pairs.get(key);
  }

  /** Undefined for a key, which is its own, and for a replica whose primary no reviewed JSON has. */
  primaryOf(replica: ReviewedKey): ReviewedKey | undefined {
    return replica.primary === undefined ? undefined : this.#keys.get(nameOf(replica, replica.primary));
  }

  /** The primary of a replica, where AWS has it. */
  pairOfPrimary(replica: ReviewedKey): KeyPair | undefined {
    const primary = this.primaryOf(replica);
    return primary === undefined ? undefined : this.pairOf(primary);
  }

  replicasOf(key: ReviewedKey): readonly ReviewedKey[] {
    return key.kind === "key" ? (this.#replicas.get(nameOf(key, key.address)) ?? []) : [];
  }

  /** A key and its replicas, whichever of them is given; those of reviewed JSON alone. */
  withRelated(key: ReviewedKey): readonly ReviewedKey[] {
    const primary = key.kind === "key" ? key : this.primaryOf(key);
    return primary === undefined ? [key] : [primary, ...this.replicasOf(primary)];
  }
}

/** Addresses are each stack's own. */
function nameOf({ stack }: ReviewedKey, address: string): string {
  return `${stack} ${address}`;
}
