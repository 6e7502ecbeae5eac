import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeKey {
  readonly id: string;
  readonly description: string;
  readonly state: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly manager?: "AWS";
  readonly tags: Readonly<Record<string, string>>;
}

/** AWS STS and AWS KMS of one account, as far as keys are read; it binds 127.0.0.1 alone. */
export class FakeAws {
  /** `AssumeRole ARN`, `ListKeys` and so on, in the order in which they came. */
  readonly calls: string[] = [];
  /** The form of each AssumeRole. */
  readonly sessions: URLSearchParams[] = [];
  /** Roles that nobody may assume. */
  readonly refused = new Set<string>();
  /** Actions that are denied to whoever has this access key, which is the role's name. */
  readonly denied = new Set<string>();
  keys: readonly FakeKey[] = [];
  /** Of ListKeys and ListResourceTags. */
  pageSize = 2;
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request).then(
      ([status, type, body]) => response.writeHead(status, { "content-type": type }).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });

  /** @returns its address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<[status: number, type: string, body: string]> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const target = request.headers["x-amz-target"];
    if (typeof target !== "string") return this.#assumeRole(new URLSearchParams(body));
    const action = target.replace("TrentService.", "");
    this.calls.push(action);
    const role = /Credential=([^/]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const json = "application/x-amz-json-1.1";
    if (this.denied.has(`${role} ${action}`)) {
      return [400, json, JSON.stringify({ __type: "AccessDeniedException", message: `${role} may not ${action}` })];
    }
    return [200, json, JSON.stringify(this.#kms(action, JSON.parse(body)))];
  }

  #assumeRole(form: URLSearchParams): [status: number, type: string, body: string] {
    const arn = form.get("RoleArn") ?? "";
    this.calls.push(`AssumeRole ${arn}`);
    this.sessions.push(form);
    if (this.refused.has(arn)) {
      const error = `<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not ${arn}</Message></Error>`;
      return [403, "text/xml", `<ErrorResponse>${error}</ErrorResponse>`];
    }
    const [, , , , account = "", role = ""] = arn.split(":");
    const name = role.replace("role/", "");
    const user = `<Arn>arn:aws:sts::${account}:assumed-role/${name}/orgkeys</Arn><AssumedRoleId>A:orgkeys</AssumedRoleId>`;
    const given = `<AccessKeyId>${name}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>`;
    const result = `<AssumedRoleUser>${user}</AssumedRoleUser><Credentials>${given}</Credentials>`;
    return [200, "text/xml", `<AssumeRoleResponse><AssumeRoleResult>${result}</AssumeRoleResult></AssumeRoleResponse>`];
  }

  #kms(action: string, input: { readonly KeyId?: string; readonly Marker?: string }): object {
    const key = this.keys.find(({ id }) => id === input.KeyId);
    const page = <Item>(
      items: readonly Item[],
    ): { items: readonly Item[]; Truncated: boolean; NextMarker?: string } => {
      const from = Number(input.Marker ?? 0);
      const to = from + this.pageSize;
      const more = to < items.length;
      return { items: items.slice(from, to), Truncated: more, ...(more ? { NextMarker: String(to) } : {}) };
    };
    if (action === "ListKeys") {
      const { items, ...rest } = page(this.keys.map(({ id }) => ({ KeyId: id })));
      return { Keys: items, ...rest };
    }
    if (action === "ListResourceTags") {
      const tags = Object.entries(key?.tags ?? {}).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
      const { items, ...rest } = page(tags);
      return { Tags: items, ...rest };
    }
    return {
      KeyMetadata: {
        KeyId: key?.id,
        Arn: `arn:aws:kms:us-east-1:310000000001:key/${key?.id}`,
        Description: key?.description,
        KeyState: key?.state,
        KeyManager: key?.manager ?? "CUSTOMER",
        CreationDate: key?.created,
        ...(key?.state === "PendingDeletion" ? { DeletionDate: (key?.created ?? 0) + 2_592_000 } : {}),
      },
    };
  }
}
