import type { DriftReport } from "../drift/drift-report";

export function driftSummary({ findings }: DriftReport): string {
  return `${findings.length} findings`;
}
