import { type Severity, severities, sortFindings } from "../findings/finding";
import type { IgnoreRule } from "../findings/ignore-rule";
import type { DriftFinding } from "./drift-finding";
import type { DriftReport } from "./drift-report";
import { ignoreDrift, type LookedAt } from "./ignore-drift";
import { type FormerDrift, goneSince, sinceFormer } from "./since";

/** What a report leaves out, and why. */
export interface Narrowing extends LookedAt {
  readonly rules: readonly IgnoreRule[];
  /** The report of --since. @default everything is new */
  readonly former: FormerDrift | undefined;
  /** The least severe that is reported. @default all */
  readonly severity: Severity | undefined;
}

/** Sorts what was found into what is reported, what somebody answers for, what was known, and what is not severe enough. */
export function narrowDrift(
  findings: readonly DriftFinding[],
  narrowing: Narrowing,
): Pick<DriftReport, "findings" | "ignored" | "idleRules" | "known" | "left"> {
  const { rules, former, severity: least, accounts, engine } = narrowing;
  const { open, ignored, idle } = ignoreDrift(sortFindings(findings), rules, narrowing);
  const { fresh, known } = former === undefined ? { fresh: open, known: [] } : sinceFormer(open, former);
  const reported = fresh.filter(({ severity }) => isAtLeast(severity, least));
  const found = new Set(findings.map(({ fingerprint }) => fingerprint));
  return {
    findings: reported,
    ignored,
    idleRules: idle,
    known,
    left: {
      belowSeverity: fresh.length - reported.length,
      known: known.length,
      gone: former === undefined ? 0 : goneSince(former, found, accounts, engine),
    },
  };
}

function isAtLeast(severity: Severity, least: Severity | undefined): boolean {
  return least === undefined || severities.indexOf(severity) <= severities.indexOf(least);
}
