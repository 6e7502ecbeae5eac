import type { CheckId } from "../../findings/check-ids";
import type { AcceptedFinding, CheckFinding, CheckReport } from "../frame/run-checks";
import { type Control, checksOf, type Framework } from "./framework";

/**
 * How far a control holds.
 *
 * clean: its checks answer all of it, and found nothing. partly: they answer a part, and found nothing. findings: they found
 * something. not-run: some of them did not run, and what did found nothing. not-covered: nothing here answers it.
 */
export type ControlState = "clean" | "partly" | "findings" | "not-run" | "not-covered";

export interface ControlResult {
  readonly control: Control;
  readonly state: ControlState;
  /** What its checks found and nobody has accepted. */
  readonly findings: readonly CheckFinding[];
  /** What they found and somebody answers for: an auditor wants to see that too. */
  readonly accepted: readonly AcceptedFinding[];
  readonly notRun: readonly CheckId[];
}

/**
 * Holds a framework against what checks have found.
 *
 * `readable` counts for every control that a check answers: in a part that nobody understood, anything may be hidden.
 */
export function coverageOf(
  framework: Framework,
  report: Pick<CheckReport, "findings" | "accepted" | "ran">,
): readonly ControlResult[] {
  const ran = new Set<string>(report.ran);
  return framework.controls.map((control) => {
    const named = checksOf(control);
    const checks: readonly CheckId[] = named.length === 0 ? [] : [...new Set([...named, "readable" as const])];
    const ids = new Set<string>(checks);
    const findings = report.findings.filter(({ id }) => ids.has(id));
    const accepted = report.accepted.filter(({ finding }) => ids.has(finding.id));
    const notRun = checks.filter((id) => !ran.has(id));
    return { control, state: stateOf(control, findings, notRun), findings, accepted, notRun };
  });
}

function stateOf({ coverage }: Control, findings: readonly unknown[], notRun: readonly unknown[]): ControlState {
  if ("nothing" in coverage) return "not-covered";
  if (findings.length > 0) return "findings";
  if (notRun.length > 0) return "not-run";
  return "partly" in coverage ? "partly" : "clean";
}
