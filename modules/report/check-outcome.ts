import { groupedBy } from "../aws/grouped-by";
import type { CheckId } from "../findings/check-ids";
import { type Severity, severities } from "../findings/finding";
import type { LocatedException, LocatedFinding } from "./locate-findings";

/** Everything that a report of `orgkeys check` says, in whatever format. */
export interface CheckOutcome {
  /** The output folder, as the user wrote it. */
  readonly output: string;
  /** The day of the check, as in 2027-01-31. */
  readonly today: string;
  /** Every check that ran, in their own order. */
  readonly checks: readonly ReportedCheck[];
  /** What nobody has accepted, most severe first. */
  readonly findings: readonly LocatedFinding[];
  readonly accepted: readonly LocatedException[];
  readonly stacks: number;
  /** Keys and replicas. */
  readonly keys: number;
  readonly zones: readonly ZoneKeys[];
  /**
   * Whether the zone proof holds for the whole output, whatever a selection or a severity leaves out of `findings`.
   * accepted: but for what exceptions accept.
   */
  readonly proof: "holds" | "accepted" | "breached";
  readonly left: LeftOut;
  /** Stacks that the map asks for and the output does not have: nothing in them was checked. */
  readonly missingStacks: readonly string[];
  /** Stacks of accounts that the map no longer asks for. */
  readonly leftOverStacks: readonly string[];
}

/** Findings that the command line asked not to hear of. */
export interface LeftOut {
  /** About accounts outside of the selection, or about the map as a whole when something is selected. */
  readonly notSelected: number;
  readonly belowSeverity: number;
}

/** What a report says of a check. */
export interface ReportedCheck {
  readonly id: CheckId;
  readonly kind: "proof" | "hygiene";
  readonly severity: Severity;
  readonly requirement: string;
  readonly reason: string;
  readonly fix: string;
}

/** How many keys and replicas of a zone were looked at. */
export interface ZoneKeys {
  readonly zone: string;
  readonly accounts: number;
  readonly keys: number;
}

/** Findings of one check with one severity, which reports show together. */
export interface FindingGroup {
  readonly id: string;
  readonly severity: Severity;
  /** Undefined for findings that come from elsewhere. */
  readonly check: ReportedCheck | undefined;
  readonly findings: readonly LocatedFinding[];
}

/** In the order of the findings: most severe first, then by id. */
export function groupFindings({ checks, findings }: CheckOutcome): FindingGroup[] {
  const byId = new Map<string, ReportedCheck>(checks.map((check) => [check.id, check]));
  const groups = groupedBy(findings, ({ severity, id }) => `${severity} ${id}`);
  return [...groups.values()].map((group) => {
    const [{ id, severity }] = group;
    return { id, severity, check: byId.get(id), findings: group };
  });
}

/** All severities, those without a finding too. */
export function countBySeverity(findings: readonly { readonly severity: Severity }[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, information: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** `3 findings: 2 critical, 1 low`, `1 low finding`, or `no findings`. */
export function countsText(findings: readonly { readonly severity: Severity }[]): string {
  const counts = countBySeverity(findings);
  const [first, ...more] = severities.filter((severity) => counts[severity] > 0);
  if (first === undefined) return "no findings";
  if (more.length === 0) return countOf(findings.length, `${first} finding`);
  const parts = [first, ...more].map((severity) => `${counts[severity]} ${severity}`);
  return `${countOf(findings.length, "finding")}: ${parts.join(", ")}`;
}

/** What may be said of the zones, and no more. */
export function proofText({ proof, missingStacks }: CheckOutcome): string {
  if (proof === "breached") return "the zone proof is breached";
  const what = missingStacks.length === 0 ? "" : " for the stacks that are there";
  return `the zone proof holds${what}${proof === "accepted" ? ", but for what is accepted" : ""}`;
}

/** The check's own way to mend it, where one of these findings has no other. */
export function commonFix(check: ReportedCheck | undefined, findings: readonly LocatedFinding[]): string | undefined {
  return findings.some(({ whatToDo }) => whatToDo === check?.fix) ? check?.fix : undefined;
}

/** `1 stack`, `2 stacks`. */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
