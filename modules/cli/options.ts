import { InvalidArgumentError, Option } from "commander";
import { ignoresPrevious } from "../../stacks/ignore-previous";
import { isCalendarDay } from "../findings/calendar-day";
import { DEFAULT_CONFIG, DEFAULT_OUT } from "../findings/orgkeys-command";
import type { Selection } from "../findings/selection";
import { parseShard, type Shard } from "../terraform/graph/shard-of";

/** Options that several commands share, with one wording. */
export const configOption = (): Option =>
  new Option("--config <dir>", "the folder with the organization map").default(DEFAULT_CONFIG).env("ORGKEYS_CONFIG");

export const outOption = (): Option =>
  new Option("--out <dir>", "the folder for the synthesized stacks").default(DEFAULT_OUT).env("CDKTF_OUTDIR");

export const asModulesOption = (): Option =>
  new Option("--as-modules <dir>", "write each account as a Terraform module into this folder, instead of the stacks");

export const todayOption = (): Option =>
  new Option("--today <day>", "the day to plan for, as in 2027-01-31: grants that expire by then are left out")
    .env("ORGKEYS_TODAY")
    .argParser(parseDay);

export const checkDayOption = (): Option =>
  new Option("--today <day>", "the day to check for, as in 2027-01-31 (default: the day it is, in UTC)")
    .env("ORGKEYS_TODAY")
    .argParser(parseDay);

/** A flag that takes no value; its variable takes 1 or 0. */
export const ignorePreviousOption = (): Option =>
  new Option(
    "--ignore-previous [answer]",
    "write over an output that was never applied, whatever keys it has that would be lost",
  )
    .preset("yes")
    .env("ORGKEYS_IGNORE_PREVIOUS")
    .argParser(parseAnswer);

export const outputOption = (): Option =>
  new Option("--output <file>", "write the result to this file, and only its last line to the terminal");

export const severityOption = (choices: readonly string[]): Option =>
  new Option("--severity <level>", "leave out what is less severe than this").choices(choices);

export const frameworkOption = (choices: readonly string[]): Option =>
  new Option("--framework <name>", "print what covers each control of a framework, with its findings").choices(choices);

export const formatOption = (formats: readonly string[] = ["text", "json"]): Option =>
  new Option("--format <format>", "how to print the result").choices(formats).default("text");

export const shardOption = (): Option =>
  new Option("--shard <i/n>", "only the i-th of n parts of about the same cost, as in 1/4").argParser(shardOf);

export const selectionOptions = (): Option[] => [
  new Option("--ou <path...>", "only accounts below these OUs, as in Workloads/Prod or commercial/Workloads/Prod"),
  new Option("--zone <name...>", "only accounts of these zones"),
  new Option("--account <name...>", "only these accounts, by name or id"),
];

export interface SelectionFlags {
  readonly ou?: readonly string[];
  readonly zone?: readonly string[];
  readonly account?: readonly string[];
}

export function selectionOf(flags: SelectionFlags): Selection {
  return { ous: flags.ou ?? [], zones: flags.zone ?? [], accounts: flags.account ?? [] };
}

/** An empty variable is what pipelines give for one that is not set. */
function parseDay(text: string): string | undefined {
  if (text === "") return undefined;
  if (!isCalendarDay(text)) throw new InvalidArgumentError("It must be a day of the calendar, as in 2027-01-31.");
  return text;
}

function shardOf(text: string): Shard {
  const shard = parseShard(text);
  if (shard === undefined) throw new InvalidArgumentError("It must be as in 1/4: the first of four parts.");
  return shard;
}

function parseAnswer(text: string): boolean {
  const answer = ignoresPrevious(text);
  if (answer === undefined) throw new InvalidArgumentError("It must be 1 or 0, or nothing.");
  return answer;
}
