import { request } from "node:http";
import type { LiveState } from "../../modules/report/live-state";

export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export function ask(url: URL, path: string, { method = "GET", host = url.host } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: url.hostname, port: url.port, path, method, headers: { host }, agent: false };
    const asked = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        // What is told goes on for ever: the first word is how it is.
        if (response.headers["content-type"] === "text/event-stream") response.destroy();
      });
      response.once("close", () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    asked.once("error", reject);
    asked.end();
  });
}

/** What the server of `report --serve` tells of the map at this moment. */
export async function stateAt(url: URL): Promise<LiveState> {
  const { text } = await ask(url, "/events");
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? "");
}
