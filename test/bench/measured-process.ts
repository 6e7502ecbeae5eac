import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** What one process used, from its start to its end. */
export interface ProcessFigures {
  readonly wallSeconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

const KIBIBYTE = 1024;

/**
 * Runs a Node.js program to its end.
 *
 * @param words the program and its arguments
 * @param folder for a file that the process reports its figures in
 * @param good exit codes of a program that did what it should
 * @throws with what the program printed, when it fails
 */
export function measureProcess(
  words: readonly string[],
  folder: string,
  good: readonly number[] = [0],
): ProcessFigures {
  const usageFile = join(folder, "usage.json");
  rmSync(usageFile, { force: true });
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--require", join(__dirname, "report-usage.cjs"), ...words], {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, BENCH_USAGE_FILE: usageFile },
  });
  const wallSeconds = (performance.now() - start) / 1000;
  if (status === null || !good.includes(status)) throw new Error(`${words.join(" ")} failed with ${status}: ${stderr}`);
  const usage = JSON.parse(readFileSync(usageFile, "utf8")) as { cpuMicroseconds: number; peakKibibytes: number };
  return { wallSeconds, cpuSeconds: usage.cpuMicroseconds / 1e6, peakBytes: usage.peakKibibytes * KIBIBYTE };
}

/** Each figure's own median. An odd number of runs has one in the middle. */
export function medianFigures(runs: readonly ProcessFigures[]): ProcessFigures {
  return {
    wallSeconds: median(runs.map((run) => run.wallSeconds)),
    cpuSeconds: median(runs.map((run) => run.cpuSeconds)),
    peakBytes: median(runs.map((run) => run.peakBytes)),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
