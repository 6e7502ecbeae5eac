import type { Command } from "commander";
import type { Finish } from "./commands";
import { runLater } from "./plan";
import { addRunOptions, canaryOption, type RunFlags } from "./run-options";
import type { Terminal } from "./terminal";

export function addApply(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("apply")
    .summary("plan the selected stacks, have the plans judged, and apply exactly those")
    .description(
      [
        "Plans as `plan` does. Nothing is applied before all plans are made, the gate has passed them and you have said yes, or --auto-approve has. Then exactly the saved plans are applied: rollouts, then owners of keys, their users, and guardrails last; several at once where none needs another.",
        "After a failure nothing new begins, or with --keep-going only what does not need it. Ctrl-C once lets running applies finish; twice interrupts Terraform, which writes its state; three times kills it. `--resume RUN` does what is left, and takes over keys that a cut apply made.",
        "--canary 2 applies two accounts first, none of production where there are others, and plans them again. Then it asks; where nobody is there to ask and without --auto-approve, it waits for `apply --resume RUN`. docs/runs.md",
        "Exit 0: everything is as the JSON says. Exit 2: work was left on purpose. Exit 1: something failed or was cut, or the gate stopped it.",
      ].join("\n\n"),
    );
  addRunOptions(command)
    .option("--auto-approve", "ask nobody: the gate alone decides")
    .addOption(canaryOption())
    .action((globs: readonly string[], flags: RunFlags) => finish(runLater("apply", globs, flags, terminal)));
}
