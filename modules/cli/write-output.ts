import { continuityRulesOf } from "../../stacks/continuity-rules";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import type { PlannedStack } from "../../stacks/planned-stack";
import { rulesOf } from "../../stacks/rules";
import { selectStacks } from "../../stacks/select-stacks";
import { staleStacks } from "../../stacks/synthesize";
import { synthesizeProved } from "../../stacks/synthesize-proved";
import type { AcceptedFinding, CheckReport } from "../checks/frame/run-checks";
import { type Refusal, refusalText } from "../continuity/refusal";
import { sortFindings } from "../findings/finding";
import { orgkeysCommand } from "../findings/orgkeys-command";
import { findingsText } from "../report/findings-text";
import { planSummaryText, summarizeByZone } from "../report/plan-summary";
import { rolloutSummaryText, summarizeRollouts } from "../report/rollout-summary";
import { stackCountsText } from "../report/stack-counts";
import { type ExitCode, exitCode } from "./exit-code";
import { noteBreach } from "./note-breach";
import { selectionOf } from "./options";
import type { SynthFlags } from "./synth";
import { reportProblems, type Terminal } from "./terminal";

/** Plans the map, proves what comes of it, and writes the stacks. */
export function writeOutput(flags: SynthFlags, terminal: Terminal): ExitCode {
  const loaded = loadPlan(flags.config, { today: flags.today });
  if ("problems" in loaded) {
    reportProblems(terminal, loaded.problems);
    return exitCode.error;
  }
  const selected = selectStacks(loaded, selectionOf(flags));
  if ("problems" in selected) {
    terminal.note(...selected.problems);
    return exitCode.error;
  }
  const { stacks } = selected;
  const options = {
    keepOthers: !selected.whole,
    onStack: (name: string, done: number, total: number) => terminal.progress(`${done}/${total}  ${name}`),
  };
  if (flags.asModules !== undefined) {
    // The template engine is loaded for modules alone.
    const { writeModules }: typeof import("./write-modules") = require("./write-modules");
    return writeModules(loaded, stacks, flags.asModules, flags, options, terminal);
  }
  if (flags.verify === true) return verify(flags.out, stacks, options, terminal);
  if (stacks.length === 0) {
    terminal.note("Nothing that is selected needs a stack: nothing was written.");
    return exitCode.clean;
  }
  const { proof, continuity, written } = synthesizeProved(stacks, flags.out, rulesOf(loaded.map, flags.today), {
    ...options,
    continuity: flags.ignorePrevious === true ? undefined : continuityRulesOf(loaded.map),
  });
  if (proof.findings.length > 0) noteBreach(proof, loaded, terminal);
  if (continuity.refusals.length > 0) noteLosses(continuity.refusals, flags.out, terminal);
  if (!written) return exitCode.error;
  tell(
    { ...loaded, findings: sortFindings([...loaded.findings, ...continuity.findings]) },
    stacks,
    proof,
    flags,
    terminal,
  );
  return exitCode.clean;
}

/** Says which keys of the output that is there would be lost. */
export function noteLosses(refusals: readonly Refusal[], out: string, terminal: Terminal): ExitCode {
  terminal.note(
    ...refusals.flatMap(refusalText),
    "",
    `${out} has what ${refusals.length === 1 ? "this" : "these"} would lose: nothing was written. Each says what to write into the map instead;`,
    "where the output that is there was never applied, --ignore-previous writes over it. docs/continuity.md",
  );
  return exitCode.error;
}

/** The summary by zone and by rollout, the plan's findings, and the breaches that somebody answers for. */
export function tellPlan(
  { map, plan, rollouts, findings }: LoadedPlan,
  { accepted }: CheckReport,
  terminal: Terminal,
): void {
  terminal.print(...planSummaryText(summarizeByZone(map, plan)));
  const rolledOut = rolloutSummaryText(summarizeRollouts(rollouts));
  if (rolledOut.length > 0) terminal.print("", ...rolledOut);
  if (findings.length > 0) terminal.print("", ...findingsText(findings));
  if (accepted.length > 0) terminal.print("", ...accepted.map(acceptedText));
}

function verify(
  out: string,
  stacks: readonly PlannedStack[],
  options: Parameters<typeof staleStacks>[2],
  terminal: Terminal,
): ExitCode {
  const stale = staleStacks(stacks, out, options);
  if (stale.length === 0) {
    terminal.print(`${out} is what the map gives (${stacks.length} stacks).`);
    return exitCode.clean;
  }
  terminal.print(...stale.map(({ stack, state }) => `${state}  ${stack}`));
  terminal.note(
    "",
    `${stale.length} of the stacks in ${out} are stale: run orgkeys synth and commit or upload the result.`,
  );
  return exitCode.something;
}

function tell(
  loaded: LoadedPlan,
  stacks: readonly PlannedStack[],
  proof: CheckReport,
  flags: SynthFlags,
  terminal: Terminal,
): void {
  tellPlan(loaded, proof, terminal);
  const example = stacks.find(({ kind }) => kind === "account") ?? stacks[0];
  if (example === undefined) return;
  const rollouts = stacks.some(({ kind }) => kind === "rollouts" || kind === "direct-rollouts")
    ? summarizeRollouts(loaded.rollouts).map(({ rollout }) => rollout)
    : [];
  const [rollout] = rollouts;
  const account = loaded.accounts.find(({ stack }) => stack === example.name);
  const subject = account?.keys[0]?.alias ?? example.account;
  const { config, out } = flags;
  terminal.print(
    "",
    `Wrote ${stacks.length} ${stacks.length === 1 ? "stack" : "stacks"} to ${flags.out}/stacks${stackCountsText(stacks)}, for example`,
    `  ${flags.out}/stacks/${example.name}/cdk.tf.json`,
    "",
    terminal.emphasize("Next"),
    `  read      ${flags.out}/stacks/*/cdk.tf.json: policies are under locals, reasons under "//".orgkeys`,
    `  check     ${orgkeysCommand(["check"], { config, out })}`,
    ...(subject === undefined ? [] : [`  ask       ${orgkeysCommand(["explain", subject], { config })}`]),
    `  see       ${orgkeysCommand(["report", "--html", "report.html"], { config, out })}: all of it on one page, to open in a browser; docs/report.md`,
    ...(rollout === undefined
      ? []
      : [
          `  rollouts  ${orgkeysCommand(["explain", "--rollout", rollout], { config })}: who gets it, who does not and why`,
        ]),
    ...(rollouts.some((name) => name.endsWith(".access-roles"))
      ? [
          `  begin     ${orgkeysCommand(["bootstrap"], { config, out })}: which accounts need the deploy role by hand before all others get it (docs/rollouts.md)`,
        ]
      : []),
    `  plan      ${orgkeysCommand(["plan", example.name], { config, out })}: or everything, an OU (--ou), a zone (--zone); docs/runs.md`,
    `  drift     ${orgkeysCommand(["drift"], { config, out })}: what AWS has otherwise, once it is applied; docs/drift.md`,
    `  edit      ${config}/: zones, data classes, workloads; then ${orgkeysCommand(["validate"], { config })}`,
    `  review    ${orgkeysCommand(["review", "HEAD"], { config, out })}: what your edits mean, once they are synthesized; docs/review.md`,
  );
}

function acceptedText({ finding, exception }: AcceptedFinding): string {
  const { name, owner, expires } = exception;
  return `breach accepted until ${expires} by ${owner} (exception ${name}): ${finding.id} ${finding.where}`;
}
