import { writeFileSync } from "node:fs";
import type { Terminal } from "./terminal";

/**
 * Prints a report, or writes it to a file and notes its summary.
 *
 * @param file as the user wrote it; undefined for the terminal
 * @throws the disk's error when the file cannot be written
 */
export function writeReport(report: string, summary: string, file: string | undefined, terminal: Terminal): void {
  if (file === undefined) {
    terminal.print(report);
    return;
  }
  writeFileSync(file, `${report}\n`);
  terminal.note(summary, `Written to ${file}.`);
}
