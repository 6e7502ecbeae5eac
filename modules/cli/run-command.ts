import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { LoadedPlan } from "../../stacks/load-plan";
import type { SynthesizedStack } from "../access/synthesized-stack";
import { proofChecks } from "../checks/frame/all-checks";
import { runChecks } from "../checks/frame/run-checks";
import { dryRunJson, dryRunText } from "../report/run-dry-run";
import { runJson } from "../report/run-json";
import { runMarkdown } from "../report/run-markdown";
import { runText } from "../report/run-text";
import { loadedBeside, readStack, stackPath } from "../terraform/graph/read-output";
import type { RunOrder, StackGraph } from "../terraform/graph/stack-node";
import { auditSteps } from "../terraform/run/audit-steps";
import { concurrencyOf } from "../terraform/run/concurrency";
import { newReport } from "../terraform/run/new-report";
import { resumeReport } from "../terraform/run/resume-run";
import { instantText, runId } from "../terraform/run/run-id";
import { takeRunLock } from "../terraform/run/run-lock";
import type { RunRequest, RunSteps } from "../terraform/run/run-parts";
import { RunRecord } from "../terraform/run/run-record";
import type { RunReport } from "../terraform/run/run-report";
import { runStacks } from "../terraform/run/run-stacks";
import { runState } from "../terraform/run/run-state";
import { sha256 } from "../terraform/run/sha256";
import { writeAtomically } from "../terraform/run/write-atomically";
import { applyStack } from "../terraform/steps/apply-stack";
import { forgetResource } from "../terraform/steps/forget-resource";
import { importResource } from "../terraform/steps/import-resource";
import { initStack, warmCache } from "../terraform/steps/init-stack";
import { planStack } from "../terraform/steps/plan-stack";
import { showPlan } from "../terraform/steps/show-plan";
import { askToApply } from "./ask-to-apply";
import { clearLeftOverrides } from "./clear-left-overrides";
import { type ExitCode, exitCode } from "./exit-code";
import { findRunTool, type RunTool } from "./find-run-tool";
import { lockHeld } from "./lock-held";
import { thisMachine } from "./machine";
import { noteBreach } from "./note-breach";
import { runExitCode } from "./run-exit-code";
import { runDoubleKeys, runGate, runStrayKeys } from "./run-gate";
import type { RunFlags } from "./run-options";
import { auditRefusal, mistakesOf, type RunScope, scopeOf } from "./run-scope";
import { runView } from "./run-view";
import { readResumed, selectionWords } from "./select-run";
import { stopOnSignals } from "./stop-on-signals";
import { systemClock } from "./system-clock";
import type { Terminal } from "./terminal";

type Command = RunRequest["command"];

/** What the zone proof was held against. */
interface ProvedStack {
  /** SHA-256 of its cdk.tf.json, as hexadecimal text. */
  readonly sha256: string;
  /** What Terraform loads besides: the proof fails for it, unless an exception accepts that. */
  readonly beside: readonly string[];
}

const steps: RunSteps = {
  warmCache,
  init: initStack,
  plan: planStack,
  show: showPlan,
  apply: applyStack,
  importResource,
  forgetResource,
};

/** Plans, or plans and applies, the selected stacks. Results go to the standard output, everything else to the standard error. */
export async function runCommand(
  command: Command,
  globs: readonly string[],
  flags: RunFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const mistakes = mistakesOf(command, globs, flags, terminal);
  if (mistakes.length > 0) return refuse(mistakes, command, terminal);
  const inTheWay = flags.dryRun === true ? [] : clearLeftOverrides(flags.out, newId());
  if (inTheWay.length > 0) return refuse(inTheWay, command, terminal);
  const scope = await scopeOf(globs, flags, terminal);
  if (scope === undefined) return exitCode.error;
  const refusal = auditRefusal(command, flags, scope);
  if (refusal !== undefined) return refuse([refusal], command, terminal);
  if (flags.dryRun === true) {
    const dry = { output: flags.out, selected: scope.selected, order: scope.order };
    terminal.print(...(flags.format === "json" ? [dryRunJson(dry)] : dryRunText(dry)));
    return exitCode.clean;
  }
  if (scope.selected.length === 0) {
    terminal.note("No stack is selected: there is nothing to do.");
    return exitCode.clean;
  }
  const proved = new Map<string, ProvedStack>();
  const proof = runChecks(allStacks(flags.out, scope.graph, proved, terminal), scope.rules, proofChecks);
  if (proof.findings.length > 0) return noteBreach(proof, scope.loaded, terminal, `nothing was ${doneBy(command)}`);
  const names = scope.selected.map(({ node }) => node.name);
  const tool = await findRunTool(names, textIn(flags.out), flags);
  if ("problems" in tool) {
    return refuse(
      tool.problems.map(({ message, whatToDo }) => `${message}; ${whatToDo}`),
      command,
      terminal,
    );
  }
  return runLocked(command, globs, flags, scope, proved, tool, terminal);
}

/** Holds the output's lock while it runs. */
async function runLocked(
  command: Command,
  globs: readonly string[],
  flags: RunFlags,
  scope: RunScope,
  proved: ReadonlyMap<string, ProvedStack>,
  tool: RunTool,
  terminal: Terminal,
): Promise<ExitCode> {
  const clock = systemClock();
  const { resumed, order } = scope;
  const id = resumed?.report.id ?? newId();
  const lock = takeRunLock(flags.out, id);
  if ("holder" in lock) {
    return refuse([lockHeld(flags.out, lock)], command, terminal);
  }
  const audit = resumed === undefined ? flags.audit === true : resumed.report.audit === true;
  const folder = resumed?.folder ?? join(flags.runs, id);
  const now = instantText(clock.now());
  // Takes the line away that said which stack was read.
  terminal.note();
  const concurrency = concurrencyOf(thisMachine(), flags.concurrency);
  const whyOf = new Map(scope.selected.map(({ node, why }) => [node.name, why]));
  const view = runView(
    process.stderr,
    order.layers.flat().map(({ name, providers, resources }) => ({ stack: name, providers, resources })),
    () => clock.now(),
  );
  const { stop, release } = stopOnSignals(
    process,
    () => clock.now(),
    (line) => view.note(line),
  );
  try {
    const about = {
      id,
      command,
      ...(audit ? { audit } : {}),
      startedAt: now,
      tool: tool.tool,
      out: flags.out,
      config: flags.config,
      selection: selectionWords(globs, flags),
      concurrency: concurrency.applies.stacks,
      canary: flags.canary ?? 0,
    };
    // Whoever had the lock a moment ago has written the report since.
    const former = flags.resume === undefined ? undefined : readResumed(flags.resume, flags, scope.graph);
    if (former !== undefined && "problems" in former) return refuse(former.problems, command, terminal);
    const { name, version } = tool.tool;
    const begin =
      former === undefined
        ? newReport(about, order, (stack) => whyOf.get(stack) ?? "")
        : {
            ...resumeReport(former.report, command, now),
            tool: { name, version },
            canary: flags.canary ?? former.report.canary,
          };
    const record = new RunRecord(resolve(folder), begin, clock, {
      onStack: ({ stack, status }) => view.event(stack, { kind: "status", status }),
    });
    const { zones, exceptions } = scope.rules;
    const run = runState({
      request: {
        command,
        keepGoing: flags.keepGoing === true,
        autoApprove: flags.autoApprove === true,
      },
      order,
      concurrency,
      ...tool,
      record,
      parts: {
        steps: audit ? auditSteps(steps, { textOf: textIn(flags.out), roleOf: auditRoleIn(scope) }) : steps,
        gate: runGate({
          zones,
          exceptions,
          allowances: flags.allow ?? [],
          maxChanges: flags.maxChanges,
          today: scope.today,
        }),
        strayKeys: runStrayKeys(zones),
        doubleKeys: runDoubleKeys(zones),
        confirm: askToApply(terminal, view, stop, folder),
        clock,
        stop,
        directoryOf: (stack) => resolve(flags.out, "stacks", stack),
        textOf: textIn(flags.out),
        isProved: (stack, text) => proved.get(stack)?.sha256 === sha256(text),
        besideOf: (stack) => proved.get(stack)?.beside ?? [],
        onEvent: (stack, event) => view.event(stack, event),
      },
    });
    const report = await runStacks(run, productionIn(scope.loaded, order));
    view.pause();
    return tell(report, folder, flags, terminal);
  } finally {
    view.pause();
    release();
    lock.release();
  }
}

function tell(report: RunReport, folder: string, { format }: RunFlags, terminal: Terminal): ExitCode {
  const markdown = runMarkdown(report, folder);
  writeAtomically(join(folder, "report.md"), markdown.endsWith("\n") ? markdown : `${markdown}\n`);
  if (format === "json") terminal.print(runJson(report));
  else if (format === "markdown") terminal.print(markdown.trimEnd());
  else terminal.print(...runText(report, folder, terminal.emphasize));
  return runExitCode(report);
}

function refuse(lines: readonly string[], command: Command, terminal: Terminal): ExitCode {
  terminal.note(...lines, "", `Nothing was ${doneBy(command)}.`);
  return exitCode.error;
}

const newId = (): string => runId(Date.now(), randomInt(0x10000));

function doneBy(command: Command): string {
  return command === "plan" ? "planned" : "applied";
}

/** One after the other, with the SHA-256 of each: all of them at once would not fit into memory for a large organization. */
function* allStacks(
  out: string,
  { nodes }: StackGraph,
  proved: Map<string, ProvedStack>,
  terminal: Terminal,
): Generator<SynthesizedStack> {
  let index = 0;
  for (const stack of nodes.keys()) {
    index += 1;
    terminal.progress(`${index}/${nodes.size}  ${stack}`);
    proved.set(stack, { sha256: sha256(textIn(out)(stack)), beside: loadedBeside(dirname(stackPath(out, stack))) });
    yield readStack(out, stack);
  }
}

function textIn(out: string): (stack: string) => string {
  return (stack) => readFileSync(stackPath(out, stack), "utf8");
}

/** Whatever is not known to be something else counts as production. */
function productionIn({ map }: LoadedPlan, { layers }: RunOrder): (stack: string) => boolean {
  const environments = new Map(map.accounts.map(({ id, environment }) => [id, environment]));
  const accountIds = new Map(layers.flat().map(({ name, accountId }) => [name, accountId]));
  return (stack) => /^prod|^$/i.test(environments.get(accountIds.get(stack) ?? "") ?? "");
}

/** The name of the role with which `plan --audit` plans a stack. */
function auditRoleIn({ rules, graph }: RunScope): (stack: string) => string | undefined {
  return (stack) => {
    const node = graph.nodes.get(stack);
    const role = node === undefined ? undefined : rules.zones.ofAccount(node.accountId)?.auditRole;
    return role?.replace(/^role\//, "");
  };
}
