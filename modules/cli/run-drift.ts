import { readFileSync } from "node:fs";
import type { DriftFinding } from "../drift/drift-finding";
import type { DriftReport } from "../drift/drift-report";
import { narrowDrift } from "../drift/narrow-drift";
import type { FormerDrift } from "../drift/since";
import { mergeTerraform } from "../drift/terraform-drift";
import { type Severity, severities } from "../findings/finding";
import { callBudget } from "../live/call-budget";
import { countOf } from "../report/check-outcome";
import { readFormerDrift } from "../report/read-former-drift";
import type { DriftFlags } from "./drift";
import { type DriftRun, driftAccounts } from "./drift-accounts";
import { driftFiles, writeDrift } from "./drift-output";
import { type DriftScope, driftScope } from "./drift-scope";
import { type UnitResult, unreadStack } from "./drift-unit-result";
import { type ExitCode, exitCode } from "./exit-code";
import { stopReading } from "./stop-reading";
import type { Terminal } from "./terminal";
import { textSources } from "./text-sources";

/** Holds AWS against the reviewed JSON. The report goes to the standard output, everything else to the standard error. */
export async function runDrift(globs: readonly string[], flags: DriftFlags, terminal: Terminal): Promise<ExitCode> {
  const files = driftFiles(flags);
  const since = readSince(flags.since);
  const mistakes = [...("problems" in files ? files.problems : []), ...("problems" in since ? since.problems : [])];
  if ("problems" in files || "problems" in since) {
    terminal.note(...mistakes, "", "Nothing was read.");
    return exitCode.error;
  }
  const scope = await driftScope(globs, flags, terminal);
  if (scope === undefined) return exitCode.error;
  for (const stack of scope.homeless) terminal.note(`${stack}: its account is not in the map, and is not read`);
  if (scope.units.length === 0 && scope.inactive.length === 0) {
    terminal.note("No account is selected: there is nothing to read.");
    return scope.isSound ? exitCode.clean : exitCode.error;
  }
  const { stop, release } = stopReading(process, (line) => terminal.note(line));
  try {
    const startedAt = new Date().toISOString();
    const budget = callBudget(flags.calls, stop);
    const run: DriftRun = {
      scope,
      now: startedAt,
      concurrency: flags.concurrency,
      budget,
      stop,
      config: flags.config,
      out: flags.out,
      onDone: progressOf(scope, terminal),
    };
    terminal.progress(`0/${scope.units.length}`);
    const results = await driftAccounts(run);
    const found = await withTerraform(
      results.flatMap(({ findings }) => findings),
      run,
      flags,
      terminal,
    );
    const accounts = results.map(({ account }) => account);
    const narrowed = narrowDrift(found.findings, {
      rules: scope.loaded.map.driftIgnores,
      today: scope.today,
      accounts,
      whole: scope.isEverything,
      engine: flags.engine,
      former: since.former,
      severity: flags.severity,
    });
    const report: DriftReport = {
      output: flags.out,
      today: scope.today,
      startedAt,
      engine: flags.engine,
      accounts,
      ...narrowed,
      calls: budget.calls,
    };
    // Takes the line away that said how far it is.
    terminal.note();
    const sources = textSources(flags.out, scope.loaded.problemAt);
    const isWritten = writeDrift(report, files.files, flags, sources, terminal);
    const isChecked = scope.isSound && found.isAsked && !stop.aborted && !isOpen(found.findings, report);
    if (!isWritten || !isChecked) return exitCode.error;
    return report.findings.length > 0 ? exitCode.something : exitCode.clean;
  } finally {
    release();
  }
}

function readSince(
  file: string | undefined,
): { readonly former: FormerDrift | undefined } | { readonly problems: readonly string[] } {
  if (file === undefined) return { former: undefined };
  const prefixed = (problems: readonly string[]): { readonly problems: readonly string[] } => ({
    problems: problems.map((problem) => `--since ${file}: ${problem}`),
  });
  try {
    const read = readFormerDrift(readFileSync(file, "utf8"));
    return "problems" in read ? prefixed(read.problems) : read;
  } catch (error) {
    return prefixed([
      `cannot be read: ${error instanceof Error ? error.message : String(error)}; name a report of drift --format json`,
    ]);
  }
}

/** Whether something is unchecked that nobody answers for, whatever the report leaves out. */
function isOpen(findings: readonly DriftFinding[], { ignored }: DriftReport): boolean {
  const known = new Set(ignored.map(({ finding }) => finding.fingerprint));
  return findings.some(({ id, fingerprint }) => id === "unchecked" && !known.has(fingerprint));
}

/** With Terraform's word, where somebody asks for it. */
async function withTerraform(
  findings: readonly DriftFinding[],
  run: DriftRun,
  flags: DriftFlags,
  terminal: Terminal,
): Promise<{ readonly findings: readonly DriftFinding[]; readonly isAsked: boolean }> {
  if (flags.engine !== "terraform" || run.stop.aborted) return { findings, isAsked: flags.engine !== "terraform" };
  if (run.scope.proved.proof.findings.length > 0) {
    terminal.note("Terraform was not asked: it would load an output of which the zone proof does not hold.");
    return { findings, isAsked: false };
  }
  // Half of what starting takes is loading: who does not ask Terraform need not wait for what runs it.
  const { askTerraform }: typeof import("./drift-terraform") = require("./drift-terraform");
  const word = await askTerraform(run.scope, flags, run.stop, terminal);
  if ("problems" in word) {
    terminal.note(...word.problems, "", "Terraform was not asked.");
    return { findings, isAsked: false };
  }
  const unread = word.failed.flatMap(({ stack, failure }) => unreadStack(stack, failure, run.scope, run));
  return { findings: mergeTerraform([...findings, ...unread], word.refreshed, run), isAsked: true };
}

/** A line for each account as soon as it is done, and one that says how far it is. */
function progressOf({ units }: DriftScope, terminal: Terminal): (result: UnitResult) => void {
  let done = 0;
  const digits = String(units.length).length;
  return ({ account, findings }) => {
    done += 1;
    const { keys } = account.coverage;
    const counts = severities.flatMap((severity) => countText(severity, findings));
    const what = counts.length === 0 ? "as reviewed" : counts.join(", ");
    const read = account.status === "unread" ? "not read" : `${what}, ${countOf(keys.total, "key")}`;
    terminal.note(`${String(done).padStart(digits)}/${units.length}  ${account.account}  ${read}`);
    terminal.progress(`${done}/${units.length}`);
  };
}

function countText(severity: Severity, findings: readonly DriftFinding[]): string[] {
  const count = findings.filter((finding) => finding.severity === severity).length;
  return count === 0 ? [] : [`${count} ${severity}`];
}
