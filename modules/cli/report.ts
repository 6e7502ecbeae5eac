import { type Command, Option } from "commander";
import { type CostGrouping, costGroupings } from "../inventory/cost";
import type { Finish } from "./commands";
import { type ExitCode, exitCode } from "./exit-code";
import {
  checkDayOption,
  configOption,
  formatOption,
  outOption,
  outputOption,
  type SelectionFlags,
  selectionOptions,
} from "./options";
import type { Terminal } from "./terminal";

export interface ReportFlags extends SelectionFlags {
  readonly config: string;
  readonly out: string;
  readonly cost?: boolean;
  readonly by?: CostGrouping;
  readonly serve?: boolean;
  readonly port?: string;
  /** The file of the page. */
  readonly html?: string;
  readonly today?: string;
  /** To lay over the page: a file, or for the review what the output is compared with. */
  readonly review?: string;
  readonly drift?: string;
  readonly format: "text" | "json" | "markdown";
  /** A file to write the report to. */
  readonly output?: string;
}

/** What a report is of, by its flag. Each is loaded for itself alone: the others should not wait for it. */
const modes = {
  cost: (flags: ReportFlags, terminal: Terminal): ExitCode | Promise<ExitCode> => {
    const { reportCost }: typeof import("./report-cost") = require("./report-cost");
    return reportCost(flags, terminal);
  },
  serve: (flags: ReportFlags, terminal: Terminal): ExitCode | Promise<ExitCode> => {
    const { reportServe }: typeof import("./report-serve") = require("./report-serve");
    return reportServe(flags, terminal);
  },
  html: (flags: ReportFlags, terminal: Terminal): ExitCode | Promise<ExitCode> => {
    const { reportHtml }: typeof import("./report-html") = require("./report-html");
    return reportHtml({ ...flags, html: flags.html ?? "" }, terminal);
  },
} as const;
type Mode = keyof typeof modes;

/** What goes with one report alone. */
const modeOf: Readonly<Record<string, Mode>> = {
  account: "cost",
  by: "cost",
  drift: "html",
  ou: "cost",
  output: "cost",
  port: "serve",
  review: "html",
  zone: "cost",
};

export function addReport(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("report")
    .summary("one HTML file about everything; or what all keys cost, and which quotas come near")
    .description(
      [
        "Reads the HCL JSON of every stack in the output folder.",
        "With --cost: keys, replicas and what they cost a month, by zone or otherwise, with the requests that the map gives rates for, and what comes near a quota of an account and Region.",
        "With --html: one file to open in a browser, which needs no network: the organization, zones and what goes through their walls, keys, who can use what, findings, rollouts and cost. All checks run for it, as of --today. What a review or a drift run has written as JSON can be laid over it. --review BASE compares as orgkeys review BASE does: an output folder, or a commit by any name of git's, with the output folder as it is; a file has what orgkeys review --format json has written. What is there on disk goes before a commit of that name.",
        "With --serve: that page of the map as it is saved, on this machine alone, anew after each save; what is wrong with the map stands over it. The output folder is not read.",
        "Exit 0: it could be told. Exit 1: the output, or the map that a selection needs, cannot be read.",
      ].join("\n\n"),
    )
    .option("--cost", "what keys cost a month")
    .addOption(new Option("--by <what>", "with --cost: a row for each of these (default: zone)").choices(costGroupings))
    .option("--serve", "serve the page of the map to this machine, anew after each save, until Ctrl-C")
    .option("--port <number>", "with --serve: the port on 127.0.0.1 (default: a free one)")
    .option("--html <file>", "write a page for browsers to this file")
    .option(
      "--review <base>",
      "with --html: lay the review over the page from this output folder or commit to the output, or what orgkeys review --format json has written to this file",
    )
    .option("--drift <file>", "with --html: what orgkeys drift --format json has written, to lay over the page")
    .addOption(checkDayOption())
    .addOption(configOption())
    .addOption(outOption())
    .addOption(formatOption(["text", "json", "markdown"]))
    .addOption(outputOption());
  for (const option of selectionOptions()) command.addOption(option);
  command.action((flags: ReportFlags) => finish(report(flags, terminal)));
}

function report(flags: ReportFlags, terminal: Terminal): ExitCode | Promise<ExitCode> {
  const names = Object.keys(modes) as Mode[];
  const [asked, ...others] = names.filter((name) => flags[name] !== undefined);
  const known = names.map((name) => `--${name}`).join(", ");
  if (asked === undefined || others.length > 0) {
    terminal.note(asked === undefined ? `say which report: ${known}` : `only one of ${known} at a time`);
    return exitCode.error;
  }
  const astray = Object.entries(modeOf).find(([name, mode]) => Object.hasOwn(flags, name) && mode !== asked);
  if (astray !== undefined) {
    terminal.note(`--${astray[0]} goes with --${astray[1]} alone`);
    return exitCode.error;
  }
  return modes[asked](flags, terminal);
}
