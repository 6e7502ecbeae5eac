import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClientSettings } from "../../modules/live/assume-role";
import type { CallBudget } from "../../modules/live/call-budget";

type Input = Readonly<Record<string, string | undefined>>;

/** XML of the result, JSON, or a text that is neither. */
type Answer = string | object | Failure;

export class Failure {
  readonly code: string;
  readonly message: string;

  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

export const notYou = new Failure("AccessDenied", "not you");

/** Any AWS service of one account, by what a test lets each action answer; it binds 127.0.0.1 alone. */
export class FakeService {
  /** `ListPolicies Scope=Local`, with what was asked, in the order in which they came. */
  readonly calls: string[] = [];
  answers: Readonly<Record<string, (input: Input) => Answer>> = {};
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request).then(
      ([status, body]) => response.writeHead(status).end(body),
      (error: unknown) => response.writeHead(400).end(String(error)),
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

  async #answer(request: IncomingMessage): Promise<[status: number, body: string]> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const target = request.headers["x-amz-target"];
    const isJson = typeof target === "string";
    const form = isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
    const action: string = isJson ? (target.split(".")[1] ?? "") : form.Action;
    const { Action: _action, Version: _version, ...input } = form;
    this.calls.push([action, ...Object.entries(input).map(([name, value]) => `${name}=${value}`)].join(" "));
    const answer = this.answers[action]?.(input) ?? new Failure("UnknownAction", action);
    if (answer instanceof Failure) return [400, failureText(answer, isJson)];
    if (typeof answer === "object") return [200, JSON.stringify(answer)];
    return [
      200,
      isJson ? answer : `<${action}Response><${action}Result>${answer}</${action}Result></${action}Response>`,
    ];
  }
}

function failureText({ code, message }: Failure, isJson: boolean): string {
  if (isJson) return JSON.stringify({ __type: code, message });
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

/** XML of fields, and of lists as `member` elements. */
export function xml(fields: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      if (value === undefined) return "";
      const inner = typeof value === "string" ? value : value.map((each) => `<member>${each}</member>`).join("");
      return `<${name}>${inner}</${name}>`;
    })
    .join("");
}

export function settingsIn(region: string): ClientSettings {
  return {
    region,
    credentials: { accessKeyId: "audit", secretAccessKey: "secret", sessionToken: "token" },
    maxAttempts: 2,
    retryMode: "adaptive",
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  } as unknown as ClientSettings;
}

/** How many clients were given to it. */
export class CountedBudget implements CallBudget {
  calls = 0;
  clients = 0;

  attach(): void {
    this.clients += 1;
  }
}
