import type { DriftReport } from "../drift/drift-report";

export function driftJson(report: DriftReport): string {
  return JSON.stringify({ schema: "orgkeys/drift/v1", ...report }, null, 2);
}
