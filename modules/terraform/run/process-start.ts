import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/**
 * When a process began, in words of the system: together with its id it names one process, and no later one that got the same id.
 *
 * @returns undefined when there is no such process, or nobody can tell
 */
export function processStart(pid: number): string | undefined {
  try {
    if (existsSync("/proc/self/stat")) {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The 22nd field; the second is the program's name, which may have blanks and brackets in it.
      return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    }
    return execFileSync("/bin/ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { LC_ALL: "C" },
    }).trim();
  } catch {
    return undefined;
  }
}

/** Whether a process is there; one of another user is, too. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** Whether it is still there, and not another one with its id. */
export function isSameProcess({
  pid,
  started,
}: {
  readonly pid: number;
  readonly started: string | undefined;
}): boolean {
  return isRunning(pid) && (started === undefined || processStart(pid) === started);
}

/** `ENOENT`, of an error of the system. */
export function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
