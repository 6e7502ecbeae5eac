import { randomInt } from "node:crypto";
import { dryRunJson, dryRunText } from "../report/run-dry-run";
import { stackText } from "../terraform/graph/read-output";
import { runId } from "../terraform/run/run-id";
import type { RunRequest } from "../terraform/run/run-parts";
import { clearLeftOverrides } from "./clear-left-overrides";
import { type ExitCode, exitCode } from "./exit-code";
import { findRunTool } from "./find-run-tool";
import { noteBreach } from "./note-breach";
import { proveOutput } from "./prove-output";
import { runExitCode } from "./run-exit-code";
import { runLocked } from "./run-locked";
import type { RunFlags } from "./run-options";
import { auditRefusal, mistakesOf, scopeOf } from "./run-scope";
import type { Terminal } from "./terminal";

/** Plans, or plans and applies, the selected stacks. Results go to the standard output, everything else to the standard error. */
export async function runCommand(
  command: RunRequest["command"],
  globs: readonly string[],
  flags: RunFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const done = command === "plan" ? "planned" : "applied";
  const refuse = (lines: readonly string[]): ExitCode => {
    terminal.note(...lines, "", `Nothing was ${done}.`);
    return exitCode.error;
  };
  const mistakes = mistakesOf(command, globs, flags, terminal);
  if (mistakes.length > 0) return refuse(mistakes);
  const id = runId(Date.now(), randomInt(0x10000));
  const inTheWay = flags.dryRun === true ? [] : clearLeftOverrides(flags.out, id);
  if (inTheWay.length > 0) return refuse(inTheWay);
  const scope = await scopeOf(globs, flags, terminal);
  if (scope === undefined) return exitCode.error;
  const { loaded, rules, graph, selected, order } = scope;
  const refusal = auditRefusal(command, flags, scope);
  if (refusal !== undefined) return refuse([refusal]);
  if (flags.dryRun === true) {
    const dry = { output: flags.out, selected, order };
    terminal.print(...(flags.format === "json" ? [dryRunJson(dry)] : dryRunText(dry)));
    return exitCode.clean;
  }
  if (selected.length === 0) {
    terminal.note("No stack is selected: there is nothing to do.");
    return exitCode.clean;
  }
  const { proof, isProved, besideOf } = proveOutput(flags.out, [...graph.nodes.keys()], rules, terminal);
  if (proof.findings.length > 0) return noteBreach(proof, loaded, terminal, `nothing was ${done}`);
  const names = selected.map(({ node }) => node.name);
  const tool = await findRunTool(names, (stack) => stackText(flags.out, stack), flags);
  if ("problems" in tool) return refuse(tool.problems.map(({ message, whatToDo }) => `${message}; ${whatToDo}`));
  const ended = await runLocked({ command, id, globs, flags, scope, isProved, besideOf, tool }, terminal);
  return "problems" in ended ? refuse(ended.problems) : runExitCode(ended);
}
