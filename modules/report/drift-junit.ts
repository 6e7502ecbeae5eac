import type { DriftReport } from "../drift/drift-report";

export function driftJunit(_report: DriftReport, template: string): string {
  return template;
}
