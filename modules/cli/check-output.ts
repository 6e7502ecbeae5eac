import type { LoadedPlan } from "../../stacks/load-plan";
import type { ZoneBoundaries } from "../access/zone-boundary";
import { allChecks } from "../checks/frame/all-checks";
import type { CheckedStack, CheckReport } from "../checks/frame/run-checks";
import { type Severity, severities } from "../findings/finding";
import type { CheckOutcome, ZoneKeys } from "../report/check-outcome";
import { summaryText } from "../report/check-text";
import { locateAccepted, locateFindings } from "../report/locate-findings";
import type { CheckFlags } from "./check";
import { checkReport } from "./check-report";
import { type ExitCode, exitCode } from "./exit-code";
import { type CheckedRun, runOnOutput } from "./run-on-output";
import type { Terminal } from "./terminal";
import { textSources } from "./text-sources";
import { writeReport } from "./write-report";

/** Holds every stack of an output against the map, and prints what does not hold. */
export function checkOutput(flags: CheckFlags, terminal: Terminal): ExitCode {
  const run = runOnOutput(flags, terminal);
  if (run === undefined) return exitCode.error;
  const outcome = outcomeOf(run, flags);
  const report = checkReport(outcome, flags.format, flags.output === undefined ? terminal.emphasize : undefined);
  if (!writeReport(report, summaryText(outcome), flags.output, terminal)) return exitCode.error;
  // A wall that is down elsewhere is down: no selection turns it into a pass.
  return outcome.findings.length === 0 && outcome.proof !== "breached" ? exitCode.clean : exitCode.something;
}

function outcomeOf(run: CheckedRun, { out, severity: least }: CheckFlags): CheckOutcome {
  const { loaded, rules, today, whole, selected } = run;
  const findings = selected.findings.filter(({ severity }) => isAtLeast(severity, least));
  const sources = textSources(out, loaded.problemAt);
  return {
    output: out,
    today,
    checks: allChecks,
    findings: locateFindings(findings, sources),
    accepted: locateAccepted(selected.accepted, sources),
    stacks: whole.stacks.length,
    keys: whole.stacks.reduce((sum, { keys }) => sum + keys, 0),
    zones: zoneKeys(whole.stacks, rules.zones),
    proof: proofOf(whole),
    left: {
      notSelected: whole.findings.length - selected.findings.length,
      belowSeverity: selected.findings.length - findings.length,
    },
    ...differenceInStacks(loaded, whole),
  };
}

function isAtLeast(severity: Severity, least: Severity | undefined): boolean {
  return least === undefined || severities.indexOf(severity) <= severities.indexOf(least);
}

function zoneKeys(stacks: readonly CheckedStack[], zones: ZoneBoundaries): ZoneKeys[] {
  const keys = new Map<string, number>();
  for (const { accountId = "", keys: own } of stacks) {
    const zone = zones.ofAccount(accountId)?.name ?? "";
    keys.set(zone, (keys.get(zone) ?? 0) + own);
  }
  return zones.all.map(({ name, accounts }) => ({ zone: name, accounts: accounts.size, keys: keys.get(name) ?? 0 }));
}

/** Of the whole output, whatever is selected: a wall that is down elsewhere is down. */
export function proofOf({ findings, accepted }: CheckReport): CheckOutcome["proof"] {
  const proofs = new Set<string>(allChecks.filter(({ kind }) => kind === "proof").map(({ id }) => id));
  if (findings.some(({ id }) => proofs.has(id))) return "breached";
  return accepted.some(({ finding }) => proofs.has(finding.id)) ? "accepted" : "holds";
}

/** By name alone: `synth --verify` compares what is in them. */
function differenceInStacks(
  { stacks: planned }: LoadedPlan,
  { stacks }: CheckReport,
): Pick<CheckOutcome, "missingStacks" | "leftOverStacks"> {
  const wanted = new Set(planned.map(({ name }) => name));
  const found = new Set(stacks.map(({ name }) => name));
  return {
    missingStacks: [...wanted].filter((name) => !found.has(name)),
    leftOverStacks: [...found].filter((name) => !wanted.has(name)),
  };
}
