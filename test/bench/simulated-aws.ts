import { type ChildProcess, spawn } from "node:child_process";
import { devNull } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A stand-in of AWS in a process of its own, so that what it takes is not the measured process's. */
export interface SimulatedAws {
  /** The whole one, of whoever shall reach it. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Has in every account exactly what the output of a map asks for. */
export async function startSimulatedAws(config: string, out: string): Promise<SimulatedAws> {
  const words = ["--require", "tsx/cjs", join(__dirname, "simulated-aws-server.ts"), config, out];
  const server = spawn(process.execPath, words, { stdio: ["pipe", "pipe", "inherit"] });
  const port = await readyPort(server);
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    environment: {
      ...(Object.fromEntries(kept) as Record<string, string>),
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "anybody",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: "true",
      NO_PROXY: "127.0.0.1",
      no_proxy: "127.0.0.1",
    },
    stop: () =>
      new Promise((resolve) => {
        server.once("exit", () => resolve());
        server.stdin.end();
      }),
  };
}

function readyPort(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`the stand-in ended with ${code}`)));
    if (server.stdout !== null) createInterface({ input: server.stdout }).once("line", resolve);
  });
}
