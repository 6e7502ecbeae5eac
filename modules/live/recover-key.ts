import {
  CancelKeyDeletionCommand,
  ConnectCustomKeyStoreCommand,
  CreateAliasCommand,
  EnableKeyCommand,
  type KeyMetadata,
  KMSClient,
  NotFoundException,
  PutKeyPolicyCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { assumeRole, type CallerSettings, patience, type RoleSession } from "./assume-role";
import { atMost } from "./at-most";
import { messageOf } from "./aws-error";
import { describedKey } from "./described-key";
import type { KeyAct } from "./key-act";
import { KmsCalls } from "./kms-calls";
import type { LiveKey, LiveKeyStore, Reading } from "./live-account";
import { liveKeyStores } from "./live-key-stores";
import { keyItself } from "./read-key";
import { known } from "./reading-of";

/** Whoever looks at one key: the environment's own credentials, or a role of theirs. */
export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  readonly settings: Omit<CallerSettings, "region">;
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
  /** What it is read by, and what it is changed by. */
  readonly #calls: KmsCalls;
  readonly #client: KMSClient;
  readonly #accountId: string;
  readonly #region: string;

  constructor({ settings, accountId }: Caller, region: string) {
    this.#calls = new KmsCalls({ ...settings, region });
    this.#client = new KMSClient({ ...settings, region });
    this.#accountId = accountId;
    this.#region = region;
  }

  close(): void {
    this.#calls.close();
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
    const described = describedKey(known(metadata.KeyId, `${name} without its id`), metadata);
    if (described === undefined) throw new Error(`${name} is a key that AWS manages: nobody else can change it`);
    if (metadata.AWSAccountId !== this.#accountId) {
      throw new Error(`${name} is a key of account ${metadata.AWSAccountId}: nobody of another account manages it`);
    }
    const { rotates: _, ...key } = keyItself(described, metadata, { accountId: this.#accountId, region: this.#region });
    const [policy, tags] = await Promise.all([
      readPart(() => this.#calls.policy(key.keyId)),
      readPart(() => this.#calls.tags(key.keyId)),
    ]);
    return { ...key, policy, tags, rotation: notAsked, grants: notAsked };
  }

  /** @returns undefined where the alias leads to no key, or is not there */
  async keyBehind(alias: string): Promise<string | undefined> {
    return (await this.#describe(alias))?.KeyId;
  }

  /** With `alias/`. */
  async aliasesOf(keyId: string): Promise<string[]> {
    const aliases = await this.#calls.aliases(keyId);
    return aliases.map(({ AliasName }) => known(AliasName, "an alias without its name"));
  }

  /** Ids of the keys that are known by the same description and tags. */
  async find({ description, isSame }: KnownBy): Promise<string[]> {
    const found = await atMost(DESCRIBED_AT_ONCE, [...(await this.#calls.keyIds())], async (id) => {
      const metadata = await this.#describe(id);
      if (metadata === undefined || metadata.KeyManager === "AWS" || (metadata.Description ?? "") !== description)
        return [];
      return isSame(await this.#calls.tags(id)) ? [id] : [];
    });
    return found.flat();
  }

  /** @returns undefined where there is none of that id */
  async keyStore(id: string): Promise<LiveKeyStore | undefined> {
    return liveKeyStores(await this.#calls.keyStores(id)).find((store) => store.id === id);
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
      return await this.#calls.metadata(name);
    } catch (error) {
      if (error instanceof NotFoundException) return undefined;
      throw error;
    }
  }
}

async function readPart<Value>(read: () => Promise<Value>): Promise<Reading<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    return { unread: messageOf(error), whatToDo: "read it as a role that the key's policy lets" };
  }
}

const notAsked = { unread: "nobody asked", whatToDo: "run orgkeys drift" } as const;
