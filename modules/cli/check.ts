import type { Command } from "commander";
import { type Severity, severities } from "../findings/finding";
import { type FrameworkId, frameworkIds } from "../findings/framework-ids";
import type { ExitCode } from "./exit-code";
import {
  checkDayOption,
  configOption,
  formatOption,
  frameworkOption,
  outOption,
  outputOption,
  type SelectionFlags,
  selectionOptions,
  severityOption,
} from "./options";
import type { Terminal } from "./terminal";

const formats = ["text", "json", "sarif", "junit", "markdown"] as const;

export interface CheckFlags extends SelectionFlags {
  readonly config: string;
  readonly out: string;
  readonly today?: string;
  readonly format: (typeof formats)[number];
  /** A file to write the report to. */
  readonly output?: string;
  readonly severity?: Severity;
  readonly framework?: FrameworkId;
  readonly list?: boolean;
}

export function addCheck(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const command = program
    .command("check")
    .summary("prove the zones on the synthesized stacks, and find what else is wrong")
    .description(
      [
        "Reads the HCL JSON of every stack in the output folder, the very text that Terraform applies, and holds it against the map: nothing outside a zone can use, manage, grant, replicate or deploy its keys. What cannot be read or decided is a finding. Each comes with its line in the output, the line of the map behind it, and what to do.",
        "A selection narrows what is reported; all stacks are read, because access crosses them.",
        "Exit 0: no findings, or all are accepted in exceptions.yaml. Exit 2: findings. Exit 1: the map or the output cannot be read as a whole.",
      ].join("\n\n"),
    )
    .addOption(configOption())
    .addOption(outOption())
    .addOption(checkDayOption())
    .addOption(formatOption(formats))
    .addOption(outputOption())
    .addOption(severityOption(severities));
  for (const option of selectionOptions()) command.addOption(option);
  command
    .addOption(frameworkOption(frameworkIds))
    .option("--list", "print every check with what it requires, and check nothing")
    .action((flags: CheckFlags) => finish(check(flags, terminal)));
}

/** The checks and the formats are loaded for this command alone: the others should not wait for them. */
function check(flags: CheckFlags, terminal: Terminal): ExitCode {
  if (flags.list === true) {
    const { listChecks }: typeof import("./list-checks") = require("./list-checks");
    return listChecks(flags, terminal);
  }
  if (flags.framework !== undefined) {
    const { checkFramework }: typeof import("./check-framework") = require("./check-framework");
    return checkFramework(flags.framework, flags, terminal);
  }
  const { checkOutput }: typeof import("./check-output") = require("./check-output");
  return checkOutput(flags, terminal);
}
