import type { DriftReport } from "../drift/drift-report";

export function driftText({ findings }: DriftReport, _emphasize?: (text: string) => string): string[] {
  return findings.map(({ severity, id, where }) => `${severity}  ${id}  ${where}`);
}
