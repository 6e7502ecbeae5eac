import { accessSync, constants, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Terminal } from "./terminal";

/**
 * Prints a report, or writes it to a file and notes its summary.
 *
 * @param file as the user wrote it; undefined for the terminal
 * @returns whether the report is where it was meant to be; why not is on the terminal
 */
export function writeReport(report: string, summary: string, file: string | undefined, terminal: Terminal): boolean {
  if (file === undefined) {
    terminal.print(report);
    return true;
  }
  if (!writeFile(report, file, terminal)) return false;
  terminal.note(summary, `Written to ${file}.`);
  return true;
}

/**
 * Writes all of it or, where the disk is full, nothing: half a report can look like a whole one with less in it.
 *
 * @param option the one that names the file
 * @returns whether it is there; why not is on the terminal
 */
export function writeFile(report: string, file: string, terminal: Terminal, option = "--output"): boolean {
  try {
    const target = existsSync(file) ? realpathSync(file) : file;
    if (existsSync(target) && !statSync(target).isFile()) writeFileSync(target, `${report}\n`);
    else replaceFile(target, `${report}\n`);
    return true;
  } catch (error) {
    terminal.note(`${option} ${file}: ${whyNot(error)}`);
    return false;
  }
}

/** Why a file cannot be written, before somebody works for it; undefined where nothing speaks against it yet. */
export function refusalOfFile(file: string): string | undefined {
  try {
    if (existsSync(file)) {
      if (statSync(file).isDirectory()) return whyNot({ code: "EISDIR" });
      accessSync(file, constants.W_OK);
      // What is no file, as /dev/stdout, is written to where it is.
      if (!statSync(file).isFile()) return undefined;
    }
    const folder = dirname(existsSync(file) ? realpathSync(file) : file);
    if (!statSync(folder).isDirectory()) return whyNot({ code: "ENOTDIR" });
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return whyNot(error);
  }
}

function replaceFile(file: string, text: string): void {
  const besides = `${file}.${process.pid}.part`;
  try {
    writeFileSync(besides, text);
    renameSync(besides, file);
  } catch (error) {
    rmSync(besides, { force: true });
    throw error;
  }
}

function whyNot(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
      return "its folder does not exist; make it first, or name another file";
    case "EISDIR":
      return "is a folder; name a file in it";
    case "ENOTDIR":
      return "is below something that is no folder; name another file";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "may not be written; name another file";
    case "EDQUOT":
    case "ENOSPC":
      return "does not fit on the disk; make room there, or name another file";
    default:
      return `cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}
