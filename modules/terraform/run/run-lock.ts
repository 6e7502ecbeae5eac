import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { codeOf, isSameProcess, processStart } from "./process-start";

/** Who works on an output. */
export interface LockHolder {
  readonly pid: number;
  /** When that process began, in the system's words. */
  readonly started: string | undefined;
  readonly host: string;
  /** The run's id. */
  readonly run: string;
}

export interface RunLock {
  release(): void;
}

/**
 * Two runs on one output would apply each other's stacks: the second is refused, wherever its run folder is. The lock lies
 * beside the output, which synthesis replaces as a whole: `.cdktf.out.run.lock`.
 *
 * @param out the output folder
 * @returns the lock, or who has it; the lock of a process that is gone is taken over
 * @throws the disk's error
 */
export function takeRunLock(
  out: string,
  run: string,
): RunLock | { readonly holder: LockHolder; readonly file: string } {
  const file = lockFile(out);
  const own: LockHolder = { pid: process.pid, started: processStart(process.pid), host: hostname(), run };
  const text = `${JSON.stringify(own)}\n`;
  if (!writeNew(file, text)) {
    const found = readText(file);
    const holder = found === undefined ? undefined : parseHolder(found);
    if (found !== undefined && (holder === undefined || holds(holder, own.host))) {
      return { holder: holder ?? { pid: 0, started: undefined, host: "an unknown host", run: "unknown" }, file };
    }
    if (found !== undefined) setAside(file, found);
    if (!writeNew(file, text)) return { holder: parseHolder(readText(file) ?? "") ?? own, file };
  }
  return {
    release: () => {
      if (readText(file) === text) rmSync(file, { force: true });
    },
  };
}

export function lockFile(out: string): string {
  const whole = resolve(out);
  return join(dirname(whole), `.${basename(whole)}.run.lock`);
}

/** Nobody can tell from here whether a process of another machine is there: it counts as running. */
function holds(holder: LockHolder, here: string): boolean {
  return holder.host !== here || isSameProcess(holder);
}

/** Away with a dead one's lock, unless another process has taken it over in between: then its lock is put back. */
function setAside(file: string, dead: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readText(aside) !== dead) {
    try {
      linkSync(aside, file);
    } catch {
      // Somebody has the lock already.
    }
  }
  rmSync(aside, { force: true });
}

function writeNew(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const { pid, started, host, run } = JSON.parse(text);
    return typeof pid === "number" && typeof host === "string" && typeof run === "string"
      ? { pid, started: typeof started === "string" ? started : undefined, host, run }
      : undefined;
  } catch {
    return undefined;
  }
}
