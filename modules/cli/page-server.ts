import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { LiveState } from "../report/live-state";

const LOCAL = "127.0.0.1";

/** That nobody keeps, frames or reads from elsewhere what says who can use which key. */
const headers = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

/** Serves one page to this machine alone, and tells it when there is another. */
export class PageServer {
  readonly #server: Server;
  readonly #listening = new Set<ServerResponse>();
  #page: string;
  #state: LiveState = { page: "", reading: true, problems: [] };
  #port = 0;

  /** @param first what is served until there is a page */
  constructor(first: string) {
    this.#page = first;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /**
   * @param port 0 for a free one
   * @returns the port
   * @throws the system's error for a port that it does not give
   */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, LOCAL, () => {
        const address = this.#server.address();
        this.#port = typeof address === "object" && address !== null ? address.port : port;
        resolve(this.#port);
      });
    });
  }

  /** @param page a new one; without it the former stays */
  show(state: LiveState, page = this.#page): void {
    this.#page = page;
    this.#state = state;
    for (const response of this.#listening) response.write(eventOf(state));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer({ headers: { host }, method, url = "" }: IncomingMessage, response: ServerResponse): void {
    const refuse = (status: number, why: string, also: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { ...headers, ...also, "Content-Type": "text/plain; charset=utf-8" }).end(`${why}\n`);
    };
    // A name that somebody else's DNS leads here is not this machine's own: its pages could read everything.
    if (!this.#isOwnName(host)) refuse(421, `this is http://${LOCAL}:${this.#port}/ and no other name`);
    else if (method !== "GET") refuse(405, "there is nothing here but to be read", { Allow: "GET" });
    else if (url === "/events") this.#listen(response);
    else if (/^\/(\?|$)/.test(url)) {
      response.writeHead(200, { ...headers, "Content-Type": "text/html; charset=utf-8" }).end(this.#page);
    } else refuse(404, "there is only one page, at /");
  }

  #isOwnName(host: string | undefined): boolean {
    const names = [LOCAL, "localhost"];
    // Browsers leave out the port of the protocol.
    return names.some((name) => host === `${name}:${this.#port}` || (this.#port === 80 && host === name));
  }

  #listen(response: ServerResponse): void {
    response.writeHead(200, { ...headers, "Content-Type": "text/event-stream" });
    response.write(eventOf(this.#state));
    this.#listening.add(response);
    response.once("close", () => this.#listening.delete(response));
  }
}

/** JSON has no line end in it, which would end the event's data. */
function eventOf(state: LiveState): string {
  return `event: state\ndata: ${JSON.stringify(state)}\n\n`;
}
