import type { Command } from "commander";
import type { Finish } from "./commands";
import { addRunOptions, type RunFlags } from "./run-options";
import type { Terminal } from "./terminal";

export function addPlan(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("plan")
    .summary("what Terraform would change in the selected stacks, and what the gate says of it")
    .description(
      [
        "Runs Terraform, or OpenTofu, in each selected stack and saves its plan. First the whole output is held against the zone proof; then every plan is read for what must not happen without somebody's word: a key destroyed, replaced or made twice, a policy widened across a zone. Changes nothing. `apply --resume RUN` applies exactly these plans.",
        "Everything is selected, or what all of --ou, --zone, --account, names and --affected select; --dry-run lists it, in order and with the reasons. A zone's guardrails and rollouts are selected by --zone or by their names.",
        "runs/<id>/ has report.json, report.md, and each stack's logs and plan, for your eyes alone: plans can hold secrets. docs/runs.md",
        "Exit 0: nothing to change. Exit 2: changes. Exit 1: an error, or the gate would stop an apply.",
      ].join("\n\n"),
    );
  addRunOptions(command)
    .option("--audit", "plan with the audit role, and without locking any state: such plans cannot be applied")
    .action((globs: readonly string[], flags: RunFlags) => finish(runLater("plan", globs, flags, terminal)));
}

/** The checks, the gate and the SDK are loaded for runs alone: other commands should not wait for them. */
export function runLater(
  command: "plan" | "apply",
  globs: readonly string[],
  flags: RunFlags,
  terminal: Terminal,
): ReturnType<typeof import("./run-command").runCommand> {
  const { runCommand }: typeof import("./run-command") = require("./run-command");
  return runCommand(command, globs, flags, terminal);
}
