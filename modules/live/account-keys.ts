import {
  DescribeKeyCommand,
  type KeyMetadata,
  KMSClient,
  ListKeysCommand,
  ListResourceTagsCommand,
  NotFoundException,
} from "@aws-sdk/client-kms";
import type { ClientSettings } from "./assume-role";
import { atMost } from "./at-most";

/** A customer managed key as AWS has it. */
export interface DescribedKey {
  readonly keyId: string;
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`… */
  readonly state: string;
  /** ISO 8601 */
  readonly createdAt: string;
  /** Of one that waits for its deletion, ISO 8601. */
  readonly deletedAt: string | undefined;
  readonly description: string;
}

/** The keys of one account in one Region, each asked for once. */
export class AccountKeys {
  readonly #client: KMSClient;
  readonly #atOnce: number;
  readonly #tags = new Map<string, Promise<Readonly<Record<string, string>>>>();

  /** @param atOnce requests at once */
  constructor(settings: ClientSettings, atOnce: number) {
    this.#client = new KMSClient(settings);
    this.#atOnce = atOnce;
  }

  /** @throws the SDK's error */
  async list(): Promise<DescribedKey[]> {
    const ids = await this.#ids();
    const keys = await atMost(this.#atOnce, ids, (keyId) => this.#describe(keyId));
    return keys.filter((key) => key !== undefined);
  }

  /** @throws the SDK's error */
  tagsOf(keyId: string): Promise<Readonly<Record<string, string>>> {
    const asked = this.#tags.get(keyId) ?? this.#listTags(keyId);
    this.#tags.set(keyId, asked);
    return asked;
  }

  async #ids(): Promise<string[]> {
    const ids: string[] = [];
    let marker: string | undefined;
    do {
      const page = await this.#client.send(new ListKeysCommand({ Limit: 1000, Marker: marker }));
      for (const { KeyId: id } of page.Keys ?? []) if (id !== undefined) ids.push(id);
      marker = page.Truncated === true ? page.NextMarker : undefined;
    } while (marker !== undefined);
    return ids;
  }

  /** A key that AWS has deleted since it was listed is none. */
  async #describe(keyId: string): Promise<DescribedKey | undefined> {
    try {
      const { KeyMetadata: metadata } = await this.#client.send(new DescribeKeyCommand({ KeyId: keyId }));
      return metadata === undefined || metadata.KeyManager === "AWS" ? undefined : describedKey(metadata);
    } catch (error) {
      if (error instanceof NotFoundException) return undefined;
      throw error;
    }
  }

  async #listTags(keyId: string): Promise<Readonly<Record<string, string>>> {
    const tags: Record<string, string> = {};
    let marker: string | undefined;
    do {
      const page = await this.#client.send(new ListResourceTagsCommand({ KeyId: keyId, Limit: 50, Marker: marker }));
      for (const { TagKey: name, TagValue: value } of page.Tags ?? []) if (name !== undefined) tags[name] = value ?? "";
      marker = page.Truncated === true ? page.NextMarker : undefined;
    } while (marker !== undefined);
    return tags;
  }
}

function describedKey(metadata: KeyMetadata): DescribedKey {
  return {
    keyId: metadata.KeyId ?? "",
    arn: metadata.Arn ?? "",
    state: metadata.KeyState ?? "unknown",
    createdAt: metadata.CreationDate?.toISOString() ?? "",
    deletedAt: metadata.DeletionDate?.toISOString(),
    description: metadata.Description ?? "",
  };
}
