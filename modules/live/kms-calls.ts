import {
  type AliasListEntry,
  type CustomKeyStoresListEntry,
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type GetKeyRotationStatusResponse,
  type GrantListEntry,
  type KeyMetadata,
  KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import { allPages } from "./all-pages";
import type { CallerSettings } from "./assume-role";
import { isSilence } from "./aws-error";
import type { CallBudget } from "./call-budget";
import { jsonText } from "./json-text";
import { known } from "./reading-of";

/**
 * The calls of AWS KMS that read, in one Region of one account. AWS throttles an account by the Region, and so does the SDK's adaptive
 * pace, which is a client's. Each call throws what AWS answers, and Error for an answer that leaves something out.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html
 */
export class KmsCalls {
  readonly #client: KMSClient;
  #silence: unknown;

  constructor(settings: CallerSettings, budget?: CallBudget) {
    this.#client = new KMSClient(settings);
    budget?.attach(this.#client);
  }

  close(): void {
    this.#client.destroy();
  }

  /** Of all keys, also those that AWS manages; each once, also where the list has changed between two pages. */
  async keyIds(): Promise<ReadonlySet<string>> {
    const keys = await this.#list(
      "keys",
      (Marker) => this.#client.send(new ListKeysCommand({ Limit: 1000, Marker })),
      ({ Keys }) => Keys,
    );
    return new Set(keys.map(({ KeyId }) => known(KeyId, "a key without its id")));
  }

  /** @param keyId only those that lead to this key. @default all of the Region */
  aliases(keyId?: string): Promise<AliasListEntry[]> {
    return this.#list(
      "aliases",
      (Marker) => this.#client.send(new ListAliasesCommand({ KeyId: keyId, Limit: 100, Marker })),
      ({ Aliases }) => Aliases,
    );
  }

  /** @param name id, ARN or alias */
  async metadata(name: string): Promise<KeyMetadata> {
    const { KeyMetadata: metadata } = await this.#ask(() => this.#client.send(new DescribeKeyCommand({ KeyId: name })));
    return known(metadata, "a key without its metadata");
  }

  /** @returns JSON text */
  async policy(keyId: string): Promise<string> {
    const { Policy } = await this.#ask(() => this.#client.send(new GetKeyPolicyCommand({ KeyId: keyId })));
    return jsonText(known(Policy, "a key policy without its text"), "a key policy");
  }

  rotation(keyId: string): Promise<GetKeyRotationStatusResponse> {
    return this.#ask(() => this.#client.send(new GetKeyRotationStatusCommand({ KeyId: keyId })));
  }

  async tags(keyId: string): Promise<Readonly<Record<string, string>>> {
    const tags = await this.#list(
      "tags",
      (Marker) => this.#client.send(new ListResourceTagsCommand({ KeyId: keyId, Limit: 50, Marker })),
      ({ Tags }) => Tags,
    );
    return Object.fromEntries(
      tags.map(({ TagKey, TagValue }) => [
        known(TagKey, "a tag without its key"),
        known(TagValue, "a tag without its value"),
      ]),
    );
  }

  grants(keyId: string): Promise<GrantListEntry[]> {
    return this.#list(
      "grants",
      (Marker) => this.#client.send(new ListGrantsCommand({ KeyId: keyId, Limit: 100, Marker })),
      ({ Grants }) => Grants,
    );
  }

  /** @param id only this one. @default all of the Region */
  keyStores(id?: string): Promise<CustomKeyStoresListEntry[]> {
    return this.#list(
      "custom key stores",
      (Marker) =>
        this.#client.send(
          new DescribeCustomKeyStoresCommand(id === undefined ? { Limit: 1000, Marker } : { CustomKeyStoreId: id }),
        ),
      ({ CustomKeyStores }) => CustomKeyStores,
    );
  }

  #list<Answer extends Marked, Entry>(
    what: string,
    ask: (marker: string | undefined) => Promise<Answer>,
    entriesOf: (answer: Answer) => readonly Entry[] | undefined,
  ): Promise<Entry[]> {
    return allPages(what, async (marker) => {
      const page = await this.#ask(() => ask(marker));
      const next =
        page.Truncated === true ? known(page.NextMarker, `a page of ${what} that leads to no other`) : undefined;
      const entries = entriesOf(page);
      // The SDK lets any text pass for a list, and an empty one would be an empty list.
      return { items: Array.isArray(entries) ? entries : undefined, next };
    });
  }

  /** A Region that was silent however often it was asked is not waited for again: it may have thousands of keys. */
  async #ask<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    if (this.#silence !== undefined) throw this.#silence;
    try {
      return await call();
    } catch (error) {
      if (isSilence(error)) this.#silence = error;
      throw error;
    }
  }
}

/** How AWS KMS says that there is more. */
interface Marked {
  readonly Truncated?: boolean | undefined;
  readonly NextMarker?: string | undefined;
}
