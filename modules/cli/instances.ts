import type { Command } from "commander";
import type { Finish } from "./commands";
import type { ExitCode } from "./exit-code";
import { configOption, formatOption } from "./options";
import type { Terminal } from "./terminal";

export interface InstancesFlags {
  readonly config: string;
  readonly zone?: readonly string[];
  readonly format: "text" | "json";
}

export function addInstances(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("instances")
    .summary("hold what StackSets have in AWS against the map, account by account")
    .description(
      [
        "Lists the instances of every StackSet of the map in AWS and tells each account and Region that has none, has one too many, an older template or one that CloudFormation has given up: no plan of Terraform shows these. Reads alone, with the audit role of the account that keeps the StackSets.",
        "Credentials are found as every AWS SDK finds them; they have to be those of a role under pipelines.audit. Partitions have credentials of their own: run it for the zones of each (--zone).",
        "Exit 0: all is there. Exit 2: findings. Exit 1: something could not be read; the rest is told all the same.",
      ].join("\n\n"),
    )
    .addOption(configOption())
    .option("--zone <name...>", "only StackSets of these zones")
    .addOption(formatOption())
    .action((flags: InstancesFlags) => finish(instances(flags, terminal)));
}

/** The AWS SDK is loaded for this command alone: the others should not wait for it. */
function instances(flags: InstancesFlags, terminal: Terminal): Promise<ExitCode> {
  const { liveInstances }: typeof import("./live-instances") = require("./live-instances");
  return liveInstances(flags, terminal);
}
