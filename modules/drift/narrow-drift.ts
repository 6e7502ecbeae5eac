import { type Severity, sortFindings } from "../findings/finding";
import type { DriftFinding } from "./drift-finding";
import type { AccountDrift, DriftReport } from "./drift-report";
import type { IgnoreRule } from "./ignore-rule";

export interface FormerDrift {
  readonly fingerprints: ReadonlySet<string>;
}

export interface Narrowing {
  readonly rules: readonly IgnoreRule[];
  readonly today: string;
  readonly accounts: readonly AccountDrift[];
  readonly whole: boolean;
  readonly engine: DriftReport["engine"];
  readonly former: FormerDrift | undefined;
  readonly severity: Severity | undefined;
}

export function narrowDrift(
  findings: readonly DriftFinding[],
  _narrowing: Narrowing,
): Pick<DriftReport, "findings" | "ignored" | "idleRules" | "known" | "left"> {
  const left = { belowSeverity: 0, known: 0, gone: 0 };
  return { findings: sortFindings(findings), ignored: [], idleRules: [], known: [], left };
}
