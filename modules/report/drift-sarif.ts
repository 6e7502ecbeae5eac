import type { DriftKind } from "../drift/drift-kinds";
import type { DriftReport } from "../drift/drift-report";
import type { TextSources } from "./locate-findings";

export function driftSarif(
  _report: DriftReport,
  { version }: { readonly version: string; readonly kinds: readonly DriftKind[]; readonly sources: TextSources },
): string {
  return JSON.stringify({ version });
}
