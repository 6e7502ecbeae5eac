import type { Command } from "commander";
import type { ExitCode } from "./exit-code";
import {
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
  readonly ignorePrevious?: boolean;
}

export function addSynth(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const command = program
    .command("synth")
    .summary("write one Terraform stack an account, and one for each zone's guardrails")
    .description(
      "Writes the same output as cdktf synth, all or nothing: with an error in the map, or when the zone proof does not\n" +
        "hold for what would be written, nothing is.\n" +
        "Nor when keys, replicas or aliases of the output that is there would be destroyed, replaced or moved without the map's\n" +
        "word: each refusal says what to write into the map.\n" +
        "A selection replaces the selected stacks and leaves the others as they are; a zone's guardrails are selected by --zone.",
    )
    .addOption(configOption())
    .addOption(outOption())
    .addOption(todayOption())
    .addOption(ignorePreviousOption());
  for (const option of selectionOptions()) command.addOption(option);
  command
    .option("--verify", "write nothing; exit 2 if the output on disk is not what the map gives")
    .action((flags: SynthFlags) => {
      // CDKTF is loaded for this command alone: the others should not wait for it.
      const { writeOutput }: typeof import("./write-output") = require("./write-output");
      finish(writeOutput(flags, terminal));
    });
}
