import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

/**
 * A client that is destroyed destroys its agent, with the calls of every other client that has the same one. Connections that
 * nobody uses end by themselves, and keep no process alive.
 *
 * Source: https://nodejs.org/api/http.html#agentdestroy
 */
class SharedHttpAgent extends HttpAgent {
  override destroy(): void {}
}

class SharedHttpsAgent extends HttpsAgent {
  override destroy(): void {}
}

/**
 * The connections of all clients: accounts come and go, and the endpoint of their Region stays. One handshake for each account and
 * service would cost more than what is read.
 */
export const connections = {
  httpAgent: new SharedHttpAgent({ keepAlive: true }),
  httpsAgent: new SharedHttpsAgent({ keepAlive: true }),
} as const;
