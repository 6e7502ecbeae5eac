import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { devNull } from "node:os";
import { policyJson } from "../../modules/access/policy-json";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";

export interface KeyOfAccount {
  readonly id: string;
  state: string;
  /** Seconds since 1970. */
  deletedAt?: number;
  description: string;
  policy: string;
  readonly tags: Record<string, string>;
  readonly multiRegion: boolean;
  readonly keyStore?: string;
  origin: string;
}

interface RegionOfAccount {
  readonly keys: Map<string, KeyOfAccount>;
  /** Ids of keys by alias. */
  readonly aliases: Map<string, string>;
  readonly keyStores: Map<string, string>;
}

type Fields = Readonly<Record<string, string>>;

class Failure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** AWS STS and AWS KMS of one account, as far as a key is brought back; it binds 127.0.0.1 alone. */
export class KmsOfAccount {
  /** `us-east-1 EnableKey arn:…`, in the order in which they came: what changes something alone. */
  readonly changes: string[] = [];
  /** ARNs of roles that were assumed, each with the external id. */
  readonly sessions: string[] = [];
  /** Actions that nobody may take. */
  readonly denied = new Set<string>();
  readonly accountId: string;
  readonly #regions = new Map<string, RegionOfAccount>();
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request).then(
      ([status, body]) => response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });

  constructor(accountId: string) {
    this.accountId = accountId;
  }

  /** @returns variables with which the SDK asks it, and nobody else */
  async start(): Promise<Fields> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    return {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "oncall",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: "true",
      NO_PROXY: "127.0.0.1",
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  in(region: string): RegionOfAccount {
    const known = this.#regions.get(region) ?? { keys: new Map(), aliases: new Map(), keyStores: new Map() };
    this.#regions.set(region, known);
    return known;
  }

  /** Makes a key as it was reviewed. */
  make(id: string, { region, description, tags, policy, aliases, multiRegion }: ReviewedKey): KeyOfAccount {
    const key: KeyOfAccount = {
      id,
      state: "Enabled",
      description,
      policy: policy === undefined ? "" : (policyJson(policy) ?? ""),
      tags: { ...tags },
      multiRegion,
      origin: "AWS_KMS",
    };
    this.in(region).keys.set(id, key);
    for (const { name } of aliases) this.in(region).aliases.set(name, id);
    return key;
  }

  arn(region: string, id: string): string {
    return `arn:aws:kms:${region}:${this.accountId}:key/${id}`;
  }

  async #answer(request: IncomingMessage): Promise<[status: number, body: string]> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString("utf8");
    const target = request.headers["x-amz-target"];
    if (typeof target !== "string") return [200, this.#sts(new URLSearchParams(body))];
    const action = target.replace("TrentService.", "");
    const region = /Credential=[^/]+\/\d+\/([\w-]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
    try {
      if (this.denied.has(action)) throw new Failure("AccessDeniedException", `nobody may ${action}`);
      return [200, JSON.stringify(this.#kms(action, region, JSON.parse(body)))];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return [400, JSON.stringify({ __type: error.code, message: error.message })];
    }
  }

  #sts(form: URLSearchParams): string {
    if (form.get("Action") === "GetCallerIdentity") {
      const caller = `<Account>${this.accountId}</Account><Arn>arn:aws:sts::${this.accountId}:assumed-role/OnCall/ann</Arn>`;
      return `<GetCallerIdentityResponse><GetCallerIdentityResult>${caller}</GetCallerIdentityResult></GetCallerIdentityResponse>`;
    }
    const arn = form.get("RoleArn") ?? "";
    this.sessions.push(`${arn} ${form.get("ExternalId") ?? "-"}`);
    const user = `<Arn>${arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/orgkeys</Arn><AssumedRoleId>A:o</AssumedRoleId>`;
    const given =
      "<AccessKeyId>role</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>";
    return `<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser>${user}</AssumedRoleUser><Credentials>${given}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  }

  #kms(action: string, region: string, input: Fields): object {
    const { keys, aliases, keyStores } = this.in(region);
    const named = (name = ""): KeyOfAccount => {
      const id = aliases.get(name) ?? name.replace(/^arn:.*:key\//, "");
      const key = keys.get(id);
      if (key === undefined || (name.startsWith("arn:") && name !== this.arn(region, id))) {
        throw new Failure("NotFoundException", `${name} is not found`);
      }
      return key;
    };
    switch (action) {
      case "DescribeKey":
        return { KeyMetadata: this.#metadata(region, named(input.KeyId)) };
      case "GetKeyPolicy":
        return { Policy: named(input.KeyId).policy };
      case "ListResourceTags":
        return { Tags: Object.entries(named(input.KeyId).tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) };
      case "ListKeys":
        return { Keys: [...keys.keys()].map((KeyId) => ({ KeyId })) };
      case "ListAliases": {
        const { id } = named(input.KeyId);
        return { Aliases: [...aliases].flatMap(([AliasName, keyId]) => (keyId === id ? { AliasName } : [])) };
      }
      case "DescribeCustomKeyStores": {
        const { CustomKeyStoreId: id = "" } = input;
        const ConnectionState = keyStores.get(id);
        return {
          CustomKeyStores: [
            { CustomKeyStoreId: id, CustomKeyStoreName: "hsm", CustomKeyStoreType: "AWS_CLOUDHSM", ConnectionState },
          ],
        };
      }
      default:
        this.changes.push(`${region} ${action} ${input.KeyId ?? input.CustomKeyStoreId ?? input.AliasName}`);
        return this.#change(action, region, input, named);
    }
  }

  #change(action: string, region: string, input: Fields, named: (name?: string) => KeyOfAccount): object {
    const { aliases, keyStores, keys } = this.in(region);
    const inState = (key: KeyOfAccount, state: string): void => {
      if (key.state !== state) throw new Failure("KMSInvalidStateException", `${key.id} is ${key.state}`);
    };
    switch (action) {
      case "CancelKeyDeletion":
        inState(named(input.KeyId), "PendingDeletion");
        named(input.KeyId).state = "Disabled";
        return { KeyId: input.KeyId };
      case "EnableKey":
        inState(named(input.KeyId), "Disabled");
        named(input.KeyId).state = "Enabled";
        return {};
      case "PutKeyPolicy":
        named(input.KeyId).policy = input.Policy ?? "";
        return {};
      case "ConnectCustomKeyStore":
        keyStores.set(input.CustomKeyStoreId ?? "", "CONNECTED");
        for (const key of keys.values()) if (key.keyStore === input.CustomKeyStoreId) key.state = "Enabled";
        return {};
      case "CreateAlias":
      case "UpdateAlias":
        if (aliases.has(input.AliasName ?? "") !== (action === "UpdateAlias")) {
          throw new Failure(action === "CreateAlias" ? "AlreadyExistsException" : "NotFoundException", "alias");
        }
        aliases.set(input.AliasName ?? "", named(input.TargetKeyId).id);
        return {};
      default:
        throw new Failure("AccessDeniedException", `${action} is nothing that brings a key back`);
    }
  }

  #metadata(region: string, key: KeyOfAccount): object {
    const { id, state, description, deletedAt, multiRegion, keyStore, origin } = key;
    return {
      AWSAccountId: this.accountId,
      KeyId: id,
      Arn: this.arn(region, id),
      KeyState: state,
      KeyManager: "CUSTOMER",
      Description: description,
      CreationDate: 1_767_225_600,
      KeySpec: "SYMMETRIC_DEFAULT",
      KeyUsage: "ENCRYPT_DECRYPT",
      Origin: origin,
      ...(deletedAt === undefined ? {} : { DeletionDate: deletedAt }),
      ...(keyStore === undefined ? {} : { CustomKeyStoreId: keyStore }),
      MultiRegion: multiRegion,
      ...(multiRegion
        ? {
            MultiRegionConfiguration: {
              MultiRegionKeyType: "PRIMARY",
              PrimaryKey: { Region: region },
              ReplicaKeys: [],
            },
          }
        : {}),
    };
  }
}
