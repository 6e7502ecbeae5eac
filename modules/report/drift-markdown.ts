import type { DriftReport } from "../drift/drift-report";
import { driftText } from "./drift-text";

export function driftMarkdown(report: DriftReport): string {
  return driftText(report).join("\n");
}
