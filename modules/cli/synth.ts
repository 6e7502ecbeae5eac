import type { Command } from "commander";
import { type ExitCode, exitCode } from "./exit-code";
import {
  asModulesOption,
  configOption,
  ignorePreviousOption,
  outOption,
  type SelectionFlags,
  selectionOptions,
  todayOption,
} from "./options";
import type { Terminal } from "./terminal";

export interface SynthFlags extends SelectionFlags {
  readonly config: string;
  readonly out: string;
  readonly today?: string;
  readonly verify?: boolean;
  /** The folder for modules, written instead of the stacks. */
  readonly asModules?: string;
  readonly ignorePrevious?: boolean;
}

export function addSynth(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const command = program
    .command("synth")
    .summary("write one Terraform stack an account, and one for each zone's guardrails and rollouts")
    .description(
      [
        "Writes the same output as cdktf synth, all or nothing: with an error in the map, or when the zone proof does not hold for what would be written, nothing is.",
        "Nor when keys, replicas, aliases or rollouts of the output that is there would be destroyed, replaced or moved without the map's word: each refusal says what to write into the map.",
        "A selection replaces the selected stacks and leaves the others as they are; a zone's guardrails and rollouts are selected by --zone.",
        "With --as-modules it writes modules instead of stacks: an account belongs to one or the other, never to both.",
      ].join("\n\n"),
    )
    .addOption(configOption())
    .addOption(outOption())
    .addOption(todayOption())
    .addOption(ignorePreviousOption());
  for (const option of selectionOptions()) command.addOption(option);
  command
    .addOption(asModulesOption())
    .option("--verify", "write nothing; exit 2 if the output on disk is not what the map gives")
    .action((flags: SynthFlags) => {
      if (flags.asModules !== undefined && command.getOptionValueSource("out") === "cli") {
        terminal.note(
          "--as-modules writes modules instead of the stacks: leave --out out, or run synth once for each.",
        );
        finish(exitCode.error);
        return;
      }
      // CDKTF is loaded for this command alone: the others should not wait for it.
      const { writeOutput }: typeof import("./write-output") = require("./write-output");
      finish(writeOutput(flags, terminal));
    });
}
