import type { RunReport } from "../terraform/run/run-report";
import type { RunDocument } from "./run-document";

/** `report.json`, and what `--format json` prints: the report itself, `orgkeys/run/v1`. */
export function runJson(report: RunReport): string {
  const document: RunDocument = report;
  return JSON.stringify(document, null, 2);
}
