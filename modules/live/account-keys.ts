import { NotFoundException } from "@aws-sdk/client-kms";
import type { ClientSettings } from "./assume-role";
import { atMost } from "./at-most";
import { type DescribedKey, describedKey } from "./described-key";
import { KmsCalls } from "./kms-calls";

/** The keys of one account in one Region, each asked for once. */
export class AccountKeys {
  readonly #calls: KmsCalls;
  readonly #atOnce: number;
  readonly #tags = new Map<string, Promise<Readonly<Record<string, string>>>>();

  /** @param atOnce requests at once */
  constructor(settings: ClientSettings, atOnce: number) {
    this.#calls = new KmsCalls(settings);
    this.#atOnce = atOnce;
  }

  /** @throws what AWS answers */
  async list(): Promise<DescribedKey[]> {
    const ids = [...(await this.#calls.keyIds())];
    const keys = await atMost(this.#atOnce, ids, (keyId) => this.#describe(keyId));
    return keys.filter((key) => key !== undefined);
  }

  /** @throws what AWS answers */
  tagsOf(keyId: string): Promise<Readonly<Record<string, string>>> {
    const asked = this.#tags.get(keyId) ?? this.#calls.tags(keyId);
    this.#tags.set(keyId, asked);
    return asked;
  }

  /** A key that AWS has deleted since it was listed is none. */
  async #describe(keyId: string): Promise<DescribedKey | undefined> {
    try {
      return describedKey(keyId, await this.#calls.metadata(keyId));
    } catch (error) {
      if (error instanceof NotFoundException) return undefined;
      throw error;
    }
  }
}
