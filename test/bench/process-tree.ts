import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What a command and all that it started used, from its start to its end. */
export interface TreeFigures {
  readonly wallSeconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  /** The most memory at once that no two processes share. Programs that are loaded are not in it. */
  readonly peakPrivateBytes: number;
  /** The most processes at once. */
  readonly peakProcesses: number;
}

const SAMPLE_EVERY_MS = 200;
const KIBIBYTE = 1024;
/** `getconf CLK_TCK`: 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;
const STDERR_KEPT = 20_000;

/**
 * Runs a program to its end, and looks at the tree below it in `/proc`: Linux alone.
 *
 * @param codes that it may end with
 * @throws with what it printed on standard error, when it ends with another
 */
export async function measureTree(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  codes: readonly number[] = [0],
): Promise<TreeFigures> {
  // The shell's `time` counts every process that was waited for, also those too short to be sampled.
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&3; } 3>&2 2>&4';
  const child = spawn("bash", ["-c", script, "bash", program, ...words], {
    env: { ...environment },
    stdio: ["ignore", "ignore", "pipe", "ignore", "pipe"],
  });
  let [stderr, times] = ["", ""];
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT);
  });
  child.stdio[4]?.on("data", (chunk: Buffer) => {
    times += chunk.toString();
  });
  const peak = { bytes: 0, processes: 0 };
  const sampling = setInterval(() => {
    const pids = descendantsOf(child.pid ?? 0);
    peak.bytes = Math.max(
      peak.bytes,
      pids.reduce((sum, pid) => sum + privateBytesOf(pid), 0),
    );
    peak.processes = Math.max(peak.processes, pids.length);
  }, SAMPLE_EVERY_MS);
  const code = await new Promise<number | null>((ended) => child.once("close", ended)).finally(() =>
    clearInterval(sampling),
  );
  if (code === null || !codes.includes(code))
    throw new Error(`${program} ${words.join(" ")} ended with ${code}: ${stderr}`);
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = times.trim().split(" ").map(Number);
  return {
    wallSeconds: wall,
    cpuSeconds: user + system,
    peakPrivateBytes: peak.bytes,
    peakProcesses: peak.processes,
  };
}

/** User and system time that a living process has taken, in seconds. */
export function cpuSecondsOf(pid: number): number {
  const [user = 0, system = 0] = statOf(pid).slice(11, 13).map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statOf(Number(name))[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let next = children.get(root) ?? []; next.length > 0; next = next.flatMap((pid) => children.get(pid) ?? [])) {
    found.push(...next);
  }
  return found;
}

/** The fields of `/proc/PID/stat` from the state on; the name before it may hold blanks. Empty when the process has ended. */
function statOf(pid: number): string[] {
  const text = readProc(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function privateBytesOf(pid: number): number {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`))?.[1] ?? 0) * KIBIBYTE;
}

function readProc(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
