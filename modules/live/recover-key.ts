import {
  CancelKeyDeletionCommand,
  ConnectCustomKeyStoreCommand,
  CreateAliasCommand,
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  type KeyMetadata,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  NotFoundException,
  PutKeyPolicyCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { assumeRole, type ClientSettings, patience, type RoleSession } from "./assume-role";
import { atMost } from "./at-most";
import { messageOf } from "./aws-error";
import type { KeyAct } from "./key-act";
import type { LiveKey, LiveKeyStore, Reading } from "./live-account";

/** Whoever looks at one key: the environment's own credentials, or a role of theirs. */
export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  readonly settings: Omit<ClientSettings, "region" | "credentials"> & Partial<Pick<ClientSettings, "credentials">>;
}

/** @throws the SDK's error without credentials, or when the role cannot be assumed */
export async function callerIn(region: string, role: RoleSession | undefined): Promise<Caller> {
  const { region: _, ...settings } = role === undefined ? { region, ...patience } : await assumeRole(role);
  const client = new STSClient({ ...settings, region });
  try {
    const { Account: accountId = "", Arn: arn = "" } = await client.send(new GetCallerIdentityCommand({}));
    return { accountId, arn, settings };
  } finally {
    client.destroy();
  }
}

/** How a key is known without its id. */
export interface KnownBy {
  readonly description: string;
  readonly isSame: (tags: Readonly<Record<string, string>>) => boolean;
}

const DESCRIBED_AT_ONCE = 8;

/** AWS KMS of one account in one Region, as far as one key is looked at and brought back. */
export class KeyRecovery {
  readonly #client: KMSClient;
  readonly #accountId: string;

  constructor({ settings, accountId }: Caller, region: string) {
    this.#client = new KMSClient({ ...settings, region });
    this.#accountId = accountId;
  }

  close(): void {
    this.#client.destroy();
  }

  /**
   * @param name id, ARN or alias
   * @returns undefined where AWS has no such key
   * @throws the SDK's error, and one of our own for a key of AWS or of another account
   */
  async read(name: string): Promise<LiveKey | undefined> {
    const metadata = await this.#describe(name);
    if (metadata === undefined) return undefined;
    if (metadata.KeyManager === "AWS") throw new Error(`${name} is a key that AWS manages: nobody else can change it`);
    if (metadata.AWSAccountId !== this.#accountId) {
      throw new Error(`${name} is a key of account ${metadata.AWSAccountId}: nobody of another account manages it`);
    }
    const key = keyItself(metadata, name);
    const [policy, tags] = await Promise.all([
      readingOf(() => this.#policy(key.keyId)),
      readingOf(() => this.#tags(key.keyId)),
    ]);
    return { ...key, policy, tags };
  }

  /** @returns undefined where the alias leads to no key, or is not there */
  async keyBehind(alias: string): Promise<string | undefined> {
    return (await this.#describe(alias))?.KeyId;
  }

  /** With `alias/`. */
  async aliasesOf(keyId: string): Promise<string[]> {
    const names: string[] = [];
    let marker: string | undefined;
    do {
      const page = await this.#client.send(new ListAliasesCommand({ KeyId: keyId, Limit: 100, Marker: marker }));
      for (const { AliasName: name } of page.Aliases ?? []) if (name !== undefined) names.push(name);
      marker = page.Truncated === true ? page.NextMarker : undefined;
    } while (marker !== undefined);
    return names;
  }

  /** Ids of the keys that are known by the same description and tags. */
  async find({ description, isSame }: KnownBy): Promise<string[]> {
    const ids: string[] = [];
    let marker: string | undefined;
    do {
      const page = await this.#client.send(new ListKeysCommand({ Limit: 1000, Marker: marker }));
      for (const { KeyId: id } of page.Keys ?? []) if (id !== undefined) ids.push(id);
      marker = page.Truncated === true ? page.NextMarker : undefined;
    } while (marker !== undefined);
    const found = await atMost(DESCRIBED_AT_ONCE, ids, async (id) => {
      const metadata = await this.#describe(id);
      if (metadata === undefined || metadata.KeyManager === "AWS" || (metadata.Description ?? "") !== description)
        return [];
      return isSame(await this.#tags(id)) ? [id] : [];
    });
    return found.flat();
  }

  /** @returns undefined where there is none of that id */
  async keyStore(id: string): Promise<LiveKeyStore | undefined> {
    const { CustomKeyStores: stores } = await this.#client.send(
      new DescribeCustomKeyStoresCommand({ CustomKeyStoreId: id }),
    );
    const [store] = stores ?? [];
    if (store === undefined) return undefined;
    return {
      id,
      name: store.CustomKeyStoreName ?? id,
      type: store.CustomKeyStoreType ?? "",
      connectionState: store.ConnectionState ?? "",
      connectionError: store.ConnectionErrorCode,
      cloudHsmClusterId: store.CloudHsmClusterId,
      proxy: {},
    };
  }

  /**
   * Never anything that takes a key from somebody.
   *
   * @param arn of the key that was read
   * @throws the SDK's error, and one of our own for an alias that has moved since it was read
   */
  async perform(act: KeyAct, arn: string): Promise<void> {
    switch (act.do) {
      case "cancel-deletion":
        await this.#client.send(new CancelKeyDeletionCommand({ KeyId: arn }));
        return;
      case "enable":
        await this.#client.send(new EnableKeyCommand({ KeyId: arn }));
        return;
      case "put-policy":
        await this.#client.send(new PutKeyPolicyCommand({ KeyId: arn, PolicyName: "default", Policy: act.document }));
        return;
      case "connect-key-store":
        await this.#client.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId: act.id }));
        return;
      case "create-alias":
        await this.#client.send(new CreateAliasCommand({ AliasName: act.alias, TargetKeyId: arn }));
        return;
      case "update-alias": {
        const leadsTo = await this.keyBehind(act.alias);
        if (leadsTo !== act.from)
          throw new Error(`${act.alias} leads to ${leadsTo ?? "no key"} by now, and not to ${act.from}`);
        await this.#client.send(new UpdateAliasCommand({ AliasName: act.alias, TargetKeyId: arn }));
      }
    }
  }

  async #describe(name: string): Promise<KeyMetadata | undefined> {
    try {
      const { KeyMetadata: metadata } = await this.#client.send(new DescribeKeyCommand({ KeyId: name }));
      if (metadata === undefined) throw new Error(`AWS describes ${name} without saying anything`);
      return metadata;
    } catch (error) {
      if (error instanceof NotFoundException) return undefined;
      throw error;
    }
  }

  async #policy(keyId: string): Promise<string> {
    const { Policy: policy } = await this.#client.send(
      new GetKeyPolicyCommand({ KeyId: keyId, PolicyName: "default" }),
    );
    if (policy === undefined) throw new Error("AWS answered without a policy");
    return policy;
  }

  async #tags(keyId: string): Promise<Readonly<Record<string, string>>> {
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

async function readingOf<Value>(read: () => Promise<Value>): Promise<Reading<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    return { unread: messageOf(error), whatToDo: "read it as a role that the key's policy lets" };
  }
}

const notAsked = { unread: "nobody asked", whatToDo: "run orgkeys drift" } as const;

/** @throws Error for an answer that leaves out what decides */
function keyItself(metadata: KeyMetadata, name: string): Omit<LiveKey, "policy" | "tags"> {
  const { KeyId: keyId, Arn: arn, KeyState: state, MultiRegionConfiguration: related } = metadata;
  if (keyId === undefined || arn === undefined || state === undefined) {
    throw new Error(`AWS describes ${name} without its id, ARN or state`);
  }
  return {
    keyId,
    arn,
    state,
    createdAt: metadata.CreationDate?.toISOString() ?? "",
    deletedAt: metadata.DeletionDate?.toISOString(),
    description: metadata.Description ?? "",
    spec: metadata.KeySpec ?? "",
    usage: metadata.KeyUsage ?? "",
    origin: metadata.Origin ?? "",
    multiRegion:
      related === undefined
        ? undefined
        : {
            kind: related.MultiRegionKeyType === "PRIMARY" ? "primary" : "replica",
            primaryRegion: related.PrimaryKey?.Region ?? "",
            replicas: (related.ReplicaKeys ?? []).flatMap(({ Region: region }) => region ?? []),
          },
    keyStoreId: metadata.CustomKeyStoreId,
    materialExpiresAt: metadata.ValidTo?.toISOString(),
    rotation: notAsked,
    grants: notAsked,
  };
}
