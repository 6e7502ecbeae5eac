import { createServer, type IncomingMessage, type Server, type ServerResponse, request as sendTo } from "node:http";
import type { AddressInfo } from "node:net";

/** One request of the AWS API on its way to the emulator. */
export interface ApiCall {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** As signatures name it: `kms`, `iam`, `sts`, `s3`… */
  readonly service: string;
  /** `CreateKey`; of S3 the method, as in `PUT`. */
  readonly action: string;
  readonly region: string;
  /** Whose role the caller is; undefined for the emulator's own credentials. */
  readonly accountId: string | undefined;
  readonly body: string;
}

/**
 * What happens to a call.
 *
 * drop: the connection breaks before the emulator hears of it. lose-answer: it breaks after the emulator has done it. throttle and
 * deny: an error in the service's own protocol, and the emulator never hears of it. `until`: the emulator does it at once, and the
 * answer waits.
 */
export type Fate = "drop" | "lose-answer" | "throttle" | "deny" | { readonly until: Promise<void> };

/** Decides about a call; undefined lets it pass, or the next fault decide. */
export type Fault = (call: ApiCall) => Fate | undefined;

/** A proxy on 127.0.0.1 before an emulator: it remembers every call, and lets some of them fail. */
export interface FaultyProxy {
  readonly endpoint: string;
  /** In the order in which they came. */
  readonly calls: readonly ApiCall[];
  /** Calls that a fault decided about. */
  readonly faults: readonly { readonly call: ApiCall; readonly fate: Fate }[];
  /** From here on these, the first that decides; without any, everything passes. */
  use(...faults: readonly Fault[]): void;
  /** Resolves at the first call of that kind after this one. */
  next(wanted: (call: ApiCall) => boolean): Promise<ApiCall>;
  /** Forgets what it remembers. */
  forget(): void;
  stop(): Promise<void>;
}

/** Every `n`-th call of all, or of those that are meant. */
export function every(n: number, fate: Fate, meant: (call: ApiCall) => boolean = () => true): Fault {
  let count = 0;
  return (call) => {
    if (!meant(call)) return undefined;
    count += 1;
    return count % n === 0 ? fate : undefined;
  };
}

/** The first `n` calls that are meant. */
export function first(n: number, fate: Fate, meant: (call: ApiCall) => boolean = () => true): Fault {
  let count = 0;
  return (call) => {
    if (!meant(call) || count >= n) return undefined;
    count += 1;
    return fate;
  };
}

/** Holds the answers to the calls that are meant, which the emulator has carried out, until they are let go. */
export function hold(meant: (call: ApiCall) => boolean): { readonly fault: Fault; readonly letGo: () => void } {
  let letGo = (): void => undefined;
  const until = new Promise<void>((go) => {
    letGo = go;
  });
  return { fault: every(1, { until }, meant), letGo };
}

/** Nobody gets into the account: `sts:AssumeRole` on its roles is denied. */
export function locked(accountId: string): Fault {
  return ({ action, body }) =>
    action === "AssumeRole" && roleArnIn(body).includes(`:iam::${accountId}:role/`) ? "deny" : undefined;
}

/** @param emulator the endpoint behind it */
export async function startFaultyProxy(emulator: string): Promise<FaultyProxy> {
  const calls: ApiCall[] = [];
  const decided: { call: ApiCall; fate: Fate }[] = [];
  /** By access key: sessions are told by the answers of `AssumeRole`. */
  const accounts = new Map<string, string>();
  let faults: readonly Fault[] = [];
  let waiting: { wanted: (call: ApiCall) => boolean; found: (call: ApiCall) => void }[] = [];

  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await whole(request);
    const call = apiCall(request, body, accounts);
    calls.push(call);
    for (const { found } of waiting.filter(({ wanted }) => wanted(call))) found(call);
    waiting = waiting.filter(({ wanted }) => !wanted(call));
    const fate = faults.reduce<Fate | undefined>((already, fault) => already ?? fault(call), undefined);
    if (fate !== undefined) decided.push({ call, fate });
    if (fate === "drop") return void request.socket.destroy();
    if (fate === "throttle" || fate === "deny") return refuse(response, call, fate);
    const answer = await forward(emulator, request, body);
    if (call.action === "AssumeRole") learn(accounts, call, answer.body);
    if (fate === "lose-answer") return void request.socket.destroy();
    if (typeof fate === "object") await fate.until;
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  };

  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    faults: decided,
    use: (...chosen) => {
      faults = chosen;
    },
    next: (wanted) => new Promise((found) => waiting.push({ wanted, found })),
    forget: () => {
      calls.length = 0;
      decided.length = 0;
    },
    stop: () => stopServer(server),
  };
}

const SCOPE = /Credential=(?<key>[^/]+)\/\d+\/(?<region>[^/]*)\/(?<service>[^/]+)\/aws4_request/;

function apiCall(request: IncomingMessage, body: Buffer, accounts: ReadonlyMap<string, string>): ApiCall {
  const { key = "", region = "", service = "" } = SCOPE.exec(request.headers.authorization ?? "")?.groups ?? {};
  const target = String(request.headers["x-amz-target"] ?? "").split(".")[1];
  const text = body.toString("utf8");
  const action = target ?? new URLSearchParams(text).get("Action") ?? request.method ?? "";
  return { at: Date.now(), service, action, region, accountId: accounts.get(key), body: text };
}

function roleArnIn(body: string): string {
  return new URLSearchParams(body).get("RoleArn") ?? "";
}

function learn(accounts: Map<string, string>, call: ApiCall, answer: Buffer): void {
  const key = /<AccessKeyId>([^<]+)</.exec(answer.toString("utf8"))?.[1];
  const accountId = roleArnIn(call.body).split(":")[4];
  if (key !== undefined && accountId !== undefined) accounts.set(key, accountId);
}

/** Errors as AWS writes them: https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html */
function refuse(response: ServerResponse, { service, action }: ApiCall, fate: "throttle" | "deny"): void {
  const [code, message] =
    fate === "throttle" ? ["Throttling", "Rate exceeded"] : ["AccessDenied", `not authorized to perform ${action}`];
  if (service === "kms" || service === "organizations" || service === "events" || service === "secretsmanager") {
    response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
    return void response.end(JSON.stringify({ __type: `${code}Exception`, message }));
  }
  response.writeHead(service === "s3" ? 503 : fate === "throttle" ? 400 : 403, { "content-type": "text/xml" });
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  response.end(service === "s3" ? error : `<ErrorResponse>${error}<RequestId>e2e</RequestId></ErrorResponse>`);
}

async function whole(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

function forward(emulator: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = "GET", url = "/", headers } = request;
    const onward = sendTo(`${emulator}${url}`, { method, headers }, (answer) => {
      whole(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: read }),
        reject,
      );
    });
    onward.once("error", reject);
    onward.end(body);
  });
}

function stopServer(server: Server): Promise<void> {
  return new Promise((closed) => {
    server.close(() => closed());
    server.closeAllConnections();
  });
}
