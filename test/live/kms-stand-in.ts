import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClientSettings } from "../../modules/live/assume-role";

/** A call as it came in. */
export interface KmsCall {
  /** `20260131T120000Z` */
  readonly signedAt: string;
  /** `ListKeys` */
  readonly action: string;
  readonly accountId: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** AWS's fields, as the API spells them. */
export type AwsFields = Readonly<Record<string, unknown>>;

export interface StandInKey {
  readonly metadata: AwsFields & { readonly KeyId: string };
  readonly policy: string;
  readonly rotation: AwsFields;
  readonly tags: Readonly<Record<string, string>>;
  readonly grants: readonly AwsFields[];
}

/** What one account has in one Region. */
export interface StandInRegion {
  readonly keys: readonly StandInKey[];
  readonly aliases: readonly AwsFields[];
  readonly keyStores: readonly AwsFields[];
}

/** What a call is answered in place of what is true: `never` keeps the connection open, `half` also begins, `cut` breaks it. */
export type StandInAnswer = { readonly status: number; readonly body: string } | "never" | "half" | "cut";

/** AWS KMS on this machine, as far as keys are read. */
export interface KmsStandIn {
  /** Of clients that ask it, and nobody else, as a session of an account. */
  settings(accountId: string): ClientSettings & { readonly endpoint: string };
  readonly calls: KmsCall[];
  /** The most that were under way at once. */
  mostAtOnce: number;
  /** Connections that were ever opened. */
  connections: number;
  /** By account and Region: `310000000001 us-east-1`. */
  readonly regions: Map<string, StandInRegion>;
  /** Milliseconds before each answer. */
  delay: number;
  /** Entries of a page; what a call asks for counts where this is undefined. */
  pageSize: number | undefined;
  /** @param times how often the same call has come, this time included */
  answer: (call: KmsCall, times: number) => StandInAnswer | undefined;
  stop(): Promise<void>;
}

export const nothing: StandInRegion = { keys: [], aliases: [], keyStores: [] };

/** An error in AWS's own words. */
export function kmsError(code: string, message: string, status = 400): StandInAnswer {
  return { status, body: JSON.stringify({ __type: code, message }) };
}

export const json = (fields: AwsFields): StandInAnswer => ({ status: 200, body: JSON.stringify(fields) });

export async function startKmsStandIn(): Promise<KmsStandIn> {
  const times = new Map<string, number>();
  let underWay = 0;
  const server = createServer(async (request, response) => {
    underWay += 1;
    standIn.mostAtOnce = Math.max(standIn.mostAtOnce, underWay);
    response.on("close", () => {
      underWay -= 1;
    });
    const call = await callOf(request);
    standIn.calls.push(call);
    const name = JSON.stringify({ ...call, signedAt: undefined });
    times.set(name, (times.get(name) ?? 0) + 1);
    if (standIn.delay > 0) await new Promise((resolve) => setTimeout(resolve, standIn.delay));
    const answer = standIn.answer(call, times.get(name) ?? 1) ?? kmsTruth(standIn, call);
    if (answer === "never") return;
    if (answer === "cut") request.socket.destroy();
    else if (answer === "half") response.writeHead(200, { "content-length": 1000 }).write("{");
    else response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" }).end(answer.body);
  });
  server.on("connection", () => {
    standIn.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const standIn: KmsStandIn = {
    settings: (accountId) => ({
      region: "us-east-1",
      credentials: { accessKeyId: `SESSION${accountId}`, secretAccessKey: "secret", sessionToken: "token" },
      maxAttempts: 3,
      retryMode: "adaptive",
      requestHandler: { connectionTimeout: 1000, requestTimeout: 300, socketTimeout: 300, throwOnRequestTimeout: true },
      endpoint: `http://127.0.0.1:${port}`,
    }),
    calls: [],
    mostAtOnce: 0,
    connections: 0,
    regions: new Map(),
    delay: 0,
    pageSize: undefined,
    answer: () => undefined,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return standIn;
}

async function callOf(request: IncomingMessage): Promise<KmsCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const scope = /Credential=SESSION(\d{12})\/\d+\/([\w-]+)\/kms\//.exec(request.headers.authorization ?? "");
  const target = String(request.headers["x-amz-target"]);
  return {
    signedAt: String(request.headers["x-amz-date"]),
    action: target.replace("TrentService.", ""),
    accountId: scope?.[1] ?? "",
    region: scope?.[2] ?? "",
    input: JSON.parse(Buffer.concat(chunks).toString("utf8")) as AwsFields,
  };
}

const lists: Readonly<Record<string, { readonly field: string; readonly most: number }>> = {
  DescribeCustomKeyStores: { field: "CustomKeyStores", most: 1000 },
  ListAliases: { field: "Aliases", most: 100 },
  ListGrants: { field: "Grants", most: 100 },
  ListKeys: { field: "Keys", most: 1000 },
  ListResourceTags: { field: "Tags", most: 50 },
};

/** What AWS KMS would answer. */
export function kmsTruth(
  { regions, pageSize }: Pick<KmsStandIn, "regions" | "pageSize">,
  { action, accountId, region, input }: Pick<KmsCall, "action" | "accountId" | "region" | "input">,
): StandInAnswer {
  const { keys, aliases, keyStores } = regions.get(`${accountId} ${region}`) ?? nothing;
  const list = lists[action];
  if (list !== undefined) {
    const limit = Number(input.Limit ?? 50);
    if (limit > list.most) return kmsError("ValidationException", `Limit ${limit} of ${action}`);
    const key = keys.find(({ metadata }) => metadata.KeyId === input.KeyId);
    if (input.KeyId !== undefined && key === undefined) return kmsError("NotFoundException", String(input.KeyId));
    const items: Readonly<Record<string, readonly unknown[]>> = {
      DescribeCustomKeyStores: keyStores,
      ListAliases: aliases,
      ListGrants: key?.grants ?? [],
      ListKeys: keys.map(({ metadata }) => ({ KeyId: metadata.KeyId, KeyArn: metadata.Arn })),
      ListResourceTags: Object.entries(key?.tags ?? {}).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    };
    const from = Number(input.Marker ?? 0);
    const to = from + Math.min(limit, pageSize ?? limit);
    const all = items[action] ?? [];
    const more = to < all.length;
    return json({ [list.field]: all.slice(from, to), Truncated: more, ...(more ? { NextMarker: String(to) } : {}) });
  }
  const key = keys.find(({ metadata }) => metadata.KeyId === input.KeyId);
  if (key === undefined) return kmsError("NotFoundException", `Key '${String(input.KeyId)}' does not exist`);
  if (action === "DescribeKey") return json({ KeyMetadata: key.metadata });
  if (action === "GetKeyPolicy") return json({ Policy: key.policy, PolicyName: "default" });
  if (action === "GetKeyRotationStatus") return json({ KeyId: input.KeyId, ...key.rotation });
  return kmsError("UnknownOperationException", action);
}
