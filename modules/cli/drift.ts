import { type Command, Option } from "commander";
import { type Severity, severities } from "../findings/finding";
import type { Finish } from "./commands";
import type { ExitCode } from "./exit-code";
import {
  checkDayOption,
  configOption,
  outOption,
  type SelectionFlags,
  selectionOptions,
  severityOption,
  shardOption,
} from "./options";
import { countOf, type RunFlags } from "./run-options";
import type { Terminal } from "./terminal";

export const driftFormats = ["text", "json", "markdown", "sarif", "junit"] as const;
export type DriftFormat = (typeof driftFormats)[number];

export interface DriftFlags extends SelectionFlags, Pick<RunFlags, "exclude" | "affected" | "shard" | "terraform"> {
  /** Zones in whose accounts everything has to be that is read. */
  readonly within?: readonly string[];
  readonly severity?: Severity;
  /** The file of a former report. */
  readonly since?: string;
  readonly engine: "aws" | "terraform";
  /** Accounts at once. */
  readonly concurrency: number;
  /** Calls of AWS under way at once. */
  readonly calls: number;
  /** Undefined for text, or what the names of --output say. */
  readonly format?: DriftFormat;
  /** Files to write the report to. */
  readonly output?: readonly string[];
  readonly runs: string;
  readonly config: string;
  readonly out: string;
  readonly today?: string;
}

export function addDrift(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("drift")
    .summary("hold AWS against the reviewed JSON, account by account")
    .description(
      [
        "Reads keys, policies, aliases, grants, replicas, key stores, consumer policies, guardrails and StackSets from AWS, with the audit role of each account, and tells what is not as it was reviewed: who gains or loses what by it, how bad it is, and the next step. What was made by hand is found too. What could not be read is told as unchecked, never as clean.",
        "Without a selection every active account of the map is read, also those without a stack; with names of stacks, --affected or --shard the accounts of those stacks. Credentials are found as every AWS SDK finds them, and have to be those of a role under pipelines.audit. Partitions have credentials of their own: run it for the zones of each (--within). docs/drift.md",
        "Exit 0: all is as reviewed. Exit 2: drift. Exit 1: something is unchecked, or the output is not what may be held against AWS; the rest is told all the same.",
      ].join("\n\n"),
    )
    .argument("[stacks...]", "only the accounts of stacks with these names, as in 'commercial.workloads.prod.*'");
  for (const option of selectionOptions()) command.addOption(option);
  command
    .addOption(
      new Option(
        "--within <zone...>",
        "only what is read in accounts of these zones: as far as one audit pipeline gets",
      ),
    )
    .addOption(new Option("--exclude <stacks...>", "leave out the accounts of stacks with these names"))
    .addOption(
      new Option("--affected <base>", "only stacks that differ from this git ref or output folder (orgkeys affected)"),
    )
    .addOption(shardOption())
    .addOption(severityOption(severities))
    .addOption(new Option("--since <report>", "only what this JSON report of an earlier run does not have"))
    .addOption(
      new Option("--engine <engine>", "terraform: ask Terraform as well, by a refresh of every selected stack")
        .choices(["aws", "terraform"])
        .default("aws"),
    )
    .addOption(new Option("--concurrency <n>", "accounts at once").argParser(countOf(1)).default(16))
    .addOption(new Option("--calls <n>", "calls of AWS under way at once").argParser(countOf(1)).default(64))
    .addOption(new Option("--format <format>", "how to print the result (default: text)").choices(driftFormats))
    .addOption(
      new Option(
        "--output <files...>",
        "write the result to these files, each in the format of its name (.txt, .json, .md, .sarif, .xml), and only its last line to the terminal",
      ),
    )
    .addOption(configOption())
    .addOption(outOption())
    .addOption(checkDayOption())
    .addOption(
      new Option("--runs <dir>", "where --engine terraform keeps its logs").default("runs").env("ORGKEYS_RUNS"),
    )
    .addOption(
      new Option("--terraform <program>", "the program of --engine terraform (default: terraform, else tofu)").env(
        "ORGKEYS_TERRAFORM",
      ),
    )
    .action((globs: readonly string[], flags: DriftFlags) => finish(drift(globs, flags, terminal)));
}

/** The checks and the AWS SDK are loaded for this command alone: the others should not wait for them. */
function drift(globs: readonly string[], flags: DriftFlags, terminal: Terminal): Promise<ExitCode> {
  const { runDrift }: typeof import("./run-drift") = require("./run-drift");
  return runDrift(globs, flags, terminal);
}
