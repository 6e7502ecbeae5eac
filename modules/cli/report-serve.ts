import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { countOf } from "../report/check-outcome";
import { livePage, waitingPage } from "../report/html/live-page";
import type { LiveProblem, LiveState } from "../report/live-state";
import { endSignals } from "./end-signals";
import { type ExitCode, exitCode } from "./exit-code";
import { liveParts } from "./live-parts";
import { MapPage } from "./map-page";
import { PageServer } from "./page-server";
import type { Terminal } from "./terminal";

export interface ReportServeFlags {
  readonly config: string;
  /** @default a free one */
  readonly port?: string;
}

/** Editors write one file in several steps, and formatters several files. */
const REST_MS = 150;

/** `report --serve`: the page of a map while somebody edits it, until Ctrl-C. The output folder is neither read nor written. */
export async function reportServe({ config, port = "0" }: ReportServeFlags, terminal: Terminal): Promise<ExitCode> {
  const refusal = refusalOf(config, port);
  if (refusal !== undefined) {
    terminal.note(refusal);
    return exitCode.error;
  }
  const parts = liveParts();
  const server = new PageServer(waitingPage(parts));
  const listening = await server.listen(Number(port)).catch((error: NodeJS.ErrnoException) => error);
  if (typeof listening !== "number") {
    terminal.note(portRefused(port, listening));
    return exitCode.error;
  }
  const end = untilEnded();
  const folder = mkdtempSync(join(tmpdir(), "orgkeys-serve-"));
  const clear = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", clear);
  const maker = new MapPage(config, folder);
  const run = randomUUID();
  let state: LiveState = { page: "", reading: true, problems: [] };
  let pages = 0;

  async function read(): Promise<void> {
    state = { ...state, reading: true };
    server.show(state);
    const made = await maker.make();
    if (made === undefined) return;
    if ("problems" in made) {
      state = { ...state, reading: false, problems: made.problems };
      server.show(state);
      terminal.note(...made.problems.flatMap(problemLines), `${countOf(made.problems.length, "problem")}.`);
      return;
    }
    pages += 1;
    state = { page: `${run}-${pages}`, reading: false, problems: [] };
    server.show(state, livePage(made.page, state.page, parts));
    terminal.note("The page shows the map as it was saved last.");
  }

  const failed = (error: unknown): void => {
    const what = error instanceof Error ? error.message : String(error);
    state = { ...state, reading: false, problems: [{ place: "", line: "", what, fix: "" }] };
    server.show(state);
    terminal.note(what);
  };
  const readNow = (): void => void read().catch(failed);
  let rest: NodeJS.Timeout | undefined;
  const watcher = await watching(config, () => {
    clearTimeout(rest);
    rest = setTimeout(readNow, REST_MS);
  });
  watcher.on("error", failed);
  terminal.print(`http://127.0.0.1:${listening}/`);
  terminal.note(`Watching ${config}: each save makes the page anew. Ctrl-C ends it.`);
  readNow();
  await end;
  clearTimeout(rest);
  server.close();
  await Promise.all([maker.stop(), watcher.close()]);
  clear();
  process.off("exit", clear);
  return exitCode.clean;
}

function refusalOf(config: string, port: string): string | undefined {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    return `--port ${port}: must be a port, 1 to 65535, or 0 for a free one`;
  }
  const folder = statSync(config, { throwIfNoEntry: false });
  return folder?.isDirectory() === true ? undefined : `--config ${config}: is no folder; name the one with the map`;
}

function portRefused(port: string, { code, message }: NodeJS.ErrnoException): string {
  const why: Readonly<Record<string, string>> = {
    EACCES: "only an administrator gets it",
    EADDRINUSE: "another program has it",
  };
  return `--port ${port}: ${why[code ?? ""] ?? message}; take another one, or leave --port out for a free one`;
}

function untilEnded(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of endSignals) process.once(signal, () => resolve());
  });
}

/** What is saved from here on, whether a file is written anew, or another one takes its name. */
function watching(config: string, onSave: () => void): Promise<FSWatcher> {
  const watcher = watch(config, { ignoreInitial: true });
  watcher.on("all", onSave);
  return new Promise((resolve, reject) => {
    watcher.once("ready", () => resolve(watcher));
    watcher.once("error", reject);
  });
}

function problemLines({ place, line, what, fix }: LiveProblem): string[] {
  return [
    `${place === "" ? "" : `${place}  `}${what}${fix === "" ? "" : `; ${fix}`}`,
    ...(line.trim() === "" ? [] : [`    ${line}`]),
  ];
}
