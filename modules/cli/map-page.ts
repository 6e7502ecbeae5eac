import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { formatProblem, type Problem } from "../organization/problem";
import type { LiveProblem } from "../report/live-state";

/** A page of the map, or why there is none. */
export type MadePage = { readonly page: string } | { readonly problems: readonly LiveProblem[] };

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const COMMAND = join(__dirname, "orgkeys.cjs");

/**
 * Makes pages of a map that is being edited, each by commands of their own: what one has taken in memory goes with it, and one that
 * breaks breaks nothing else.
 */
export class MapPage {
  readonly #config: string;
  readonly #folder: string;
  #turn = 0;
  #running: { readonly child: ChildProcess; readonly ended: Promise<Ended> } | undefined;

  /**
   * @param config as the user wrote it
   * @param folder of its own, where what is synthesized is for as long as it is read
   */
  constructor(config: string, folder: string) {
    this.#config = config;
    this.#folder = folder;
  }

  /** @returns undefined where a later one has been asked for, or all was stopped: this one is then nobody's any more */
  async make(): Promise<MadePage | undefined> {
    this.#turn += 1;
    const turn = this.#turn;
    await this.#kill();
    if (turn !== this.#turn) return undefined;
    const folder = join(this.#folder, String(turn));
    mkdirSync(folder);
    try {
      const made = await this.#makeIn(folder);
      return turn === this.#turn ? made : undefined;
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  async stop(): Promise<void> {
    this.#turn += 1;
    await this.#kill();
  }

  async #makeIn(folder: string): Promise<MadePage> {
    const turn = this.#turn;
    const places = ["--config", resolve(this.#config), "--out", "cdktf.out"];
    const synthesized = await this.#run(["synth", ...places], folder);
    if (turn !== this.#turn) return { problems: [] };
    if (synthesized.code !== 0) return { problems: await this.#problemsOf(synthesized, turn) };
    const reported = await this.#run(["report", "--html", "page.html", ...places], folder);
    if (reported.code !== 0) return { problems: [this.#asTold(reported)] };
    return { page: readFileSync(join(folder, "page.html"), "utf8") };
  }

  /** Of the map each at its place; whatever else speaks against it, such as a zone that is open, in the words of the command. */
  async #problemsOf(synthesized: Ended, turn: number): Promise<readonly LiveProblem[]> {
    const { stdout } = await this.#run(["validate", "--format", "json", "--config", this.#config], process.cwd());
    if (turn !== this.#turn) return [];
    const { problems }: { readonly problems: readonly Problem[] } = JSON.parse(stdout || '{"problems": []}');
    return problems.length === 0 ? [this.#asTold(synthesized)] : problems.map(problemAtLine);
  }

  #asTold({ code, stdout, stderr }: Ended): LiveProblem {
    const words = (stderr.trim() === "" ? stdout : stderr).replaceAll(resolve(this.#config), this.#config).trim();
    return { place: "", line: "", what: words === "" ? `the command ended with ${code}` : words, fix: "" };
  }

  /** In a group of its own: a terminal's Ctrl-C is for the server, which ends what it has begun. */
  #run(words: readonly string[], folder: string): Promise<Ended> {
    const child = spawn(process.execPath, [COMMAND, ...words], {
      cwd: folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = endOf(child);
    this.#running = { child, ended };
    return ended;
  }

  async #kill(): Promise<void> {
    const { child, ended } = this.#running ?? {};
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself since.
    }
    await ended;
  }
}

function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((settle, reject) => {
    const printed = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed.stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      printed.stderr += text;
    });
    child.once("error", reject);
    child.once("close", (code) => settle({ code, ...printed }));
  });
}

function problemAtLine(problem: Problem): LiveProblem {
  const { file, line, column, fix = "" } = problem;
  const place = `${file}:${line}:${column}`;
  const { fix: _, ...rest } = problem;
  return { place, line: lineOf(file, line), what: formatProblem(rest).slice(place.length).trim(), fix };
}

/** Empty for a file that is not there any more. */
function lineOf(file: string, line: number): string {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/)[line - 1] ?? "";
  } catch {
    return "";
  }
}
