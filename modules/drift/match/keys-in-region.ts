import type { LiveKey, LiveRegion, UnreadKey } from "../../live/live-account";
import type { ReviewedKey } from "../reviewed/reviewed-key";

/** The keys that AWS has in one Region, of which each is taken once. */
export class KeysInRegion {
  readonly #free = new Map<string, LiveKey>();
  readonly #byDescription = new Map<string, LiveKey[]>();
  readonly #unread: readonly UnreadKey[];
  readonly #isRead: boolean;
  /** Ids by name; undefined where aliases could not be read. */
  readonly #aliases: ReadonlyMap<string, string | undefined> | undefined;

  constructor({ keys, aliases }: LiveRegion) {
    const listed = "value" in keys ? keys.value : [];
    for (const key of listed) {
      if ("unread" in key) continue;
      this.#free.set(key.keyId, key);
      const alike = this.#byDescription.get(key.description);
      if (alike === undefined) this.#byDescription.set(key.description, [key]);
      else alike.push(key);
    }
    this.#unread = listed.filter((key) => "unread" in key);
    this.#isRead = "value" in keys;
    this.#aliases = "value" in aliases ? new Map(aliases.value.map(({ name, keyId }) => [name, keyId])) : undefined;
  }

  /** The key with that id, unless it is taken. */
  free(keyId: string): LiveKey | undefined {
    return this.#free.get(keyId);
  }

  /** All that are not taken. */
  all(): LiveKey[] {
    return [...this.#free.values()];
  }

  /** Those not taken that aliases point to, in the aliases' order. */
  behind(aliases: readonly { readonly name: string }[]): LiveKey[] {
    return aliases.flatMap(({ name }) => this.free(this.#aliases?.get(name) ?? "") ?? []);
  }

  /** Those not taken with that description. */
  describedAs(description: string): LiveKey[] {
    return (this.#byDescription.get(description) ?? []).filter(({ keyId }) => this.#free.has(keyId));
  }

  take({ keyId }: LiveKey): void {
    this.#free.delete(keyId);
  }

  /**
   * Whether a key that is not among them may be there all the same: as one that nobody may look at, and that is no other key's by
   * its aliases.
   *
   * @param primaryId of a replica whose primary was found
   */
  mayHide({ importId, aliases }: ReviewedKey, primaryId: string | undefined): boolean {
    if (!this.#isRead) return true;
    const own = new Set(aliases.map(({ name }) => name));
    const pointed = [...(this.#aliases ?? [])];
    return this.#unread.some(({ keyId }) => {
      const names = pointed.flatMap(([name, id]) => (id === keyId ? [name] : []));
      return keyId === importId || keyId === primaryId || names.length === 0 || names.some((name) => own.has(name));
    });
  }
}
