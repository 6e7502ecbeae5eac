import { type Command, InvalidArgumentError, Option } from "commander";
import type { Allowance } from "../gate/gate-finding";
import { parseAllowance } from "../gate/parse-allowance";
import type { Shard } from "../terraform/graph/shard-of";
import {
  checkDayOption,
  configOption,
  formatOption,
  outOption,
  type SelectionFlags,
  selectionOptions,
  shardOption,
} from "./options";

/** What `plan` and `apply` take. */
export interface RunFlags extends SelectionFlags {
  readonly exclude?: readonly string[];
  readonly affected?: string;
  readonly shard?: Shard;
  readonly dryRun?: boolean;
  readonly resume?: string;
  readonly concurrency?: number;
  readonly keepGoing?: boolean;
  readonly maxChanges?: number;
  readonly allow?: readonly Allowance[];
  readonly runs: string;
  readonly terraform?: string;
  readonly format: "text" | "json" | "markdown";
  readonly config: string;
  readonly out: string;
  readonly today?: string;
  /** Of plan alone. */
  readonly audit?: boolean;
  /** Of apply alone. */
  readonly autoApprove?: boolean;
  readonly canary?: number;
}

export function addRunOptions(command: Command): Command {
  command.argument("[stacks...]", "only stacks with these names, as in 'commercial.workloads.prod.*'");
  for (const option of selectionOptions()) command.addOption(option);
  return command
    .addOption(new Option("--exclude <stacks...>", "leave out stacks with these names, whatever selected them"))
    .addOption(
      new Option("--affected <base>", "only stacks that differ from this git ref or output folder (orgkeys affected)"),
    )
    .addOption(shardOption())
    .addOption(new Option("--dry-run", "print the stacks, their order, and why; run nothing"))
    .addOption(new Option("--resume <run>", "do what a run has left: its id, or its folder"))
    .addOption(
      new Option("--concurrency <n>", "stacks at once (default: what cores and memory bear)").argParser(countOf(1)),
    )
    .addOption(new Option("--keep-going", "after a failure, go on with what does not need it"))
    .addOption(
      new Option("--max-changes <n>", "stop before anything is applied when the plans change more").argParser(
        countOf(0),
      ),
    )
    .addOption(
      new Option(
        "--allow <address=reason>",
        "let the gate pass what it stops at this address, and say why in the report; once for each",
      ).argParser(allowanceOf),
    )
    .addOption(new Option("--runs <dir>", "where run folders are kept").default("runs").env("ORGKEYS_RUNS"))
    .addOption(
      new Option("--terraform <program>", "the program to run (default: terraform, else tofu)").env(
        "ORGKEYS_TERRAFORM",
      ),
    )
    .addOption(formatOption(["text", "json", "markdown"]))
    .addOption(configOption())
    .addOption(outOption())
    .addOption(checkDayOption());
}

/** A number of things, from so many on. */
export function countOf(least: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^\d{1,9}$/.test(text) || count < least)
      throw new InvalidArgumentError(`It must be a number from ${least} on.`);
    return count;
  };
}

export const canaryOption = (): Option =>
  new Option("--canary <n>", "apply so many accounts first and plan them again, then ask or wait").argParser(
    countOf(1),
  );

function allowanceOf(text: string, before: RunFlags["allow"] = []): NonNullable<RunFlags["allow"]> {
  const allowance = parseAllowance(text);
  if (allowance === undefined) {
    throw new InvalidArgumentError(
      'It must be as in "aws_kms_key.orders_us-east-1=moved to the new account, CHG-123": an address of the report, and a reason of two words at least.',
    );
  }
  return [...before, allowance];
}
