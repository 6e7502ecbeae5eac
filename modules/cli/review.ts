import { type Command, Option } from "commander";
import { type FailReason, failReasons } from "../review/fail-on";
import type { Finish } from "./commands";
import { type ExitCode, exitCode } from "./exit-code";
import type { CompareFlags } from "./open-outputs";
import { configOption, formatOption, outOption, todayOption } from "./options";
import type { Terminal } from "./terminal";
import { refusalOfFile } from "./write-report";

export interface ReviewFlags extends CompareFlags {
  readonly format: "text" | "json" | "markdown";
  readonly output?: string;
  readonly failOn?: readonly FailReason[];
  readonly link?: string | undefined;
  readonly ownCode?: boolean;
  /** The id or the folder of a run. */
  readonly run?: string;
  readonly runs: string;
  readonly terraform?: string;
}

export function addReview(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("review")
    .summary("what a change means: keys, who gains or loses access, zones, cost")
    .description(
      [
        "Compares the synthesized JSON of two outputs by what it means: keys that come, go or are replaced, who gains or loses which access to them and through which statement or grant, guardrails, rollouts, Regions, quotas and cost; most risky first, below a verdict. What differs in bytes and in no meaning is said to be so; what nobody can tell is never taken for harmless. docs/review.md",
        "BASE and HEAD are output folders, or commits by any name of git's; HEAD is the output folder unless it is given. BASE... is where BASE and HEAD parted. A commit that has no output in it is synthesized by this orgkeys, the same for both sides, or with --own-code by its own. The walls of zones are those of HEAD's map: --config, or the map of the commit.",
        "Exit 0: nothing means anything else. Exit 2: something does. Exit 1: it cannot be told, or --fail-on has something to stop at.",
      ].join("\n\n"),
    )
    .argument("[base]", "an output folder, or a commit")
    .argument("[head]", "the same; the output folder by default")
    .addOption(configOption())
    .addOption(outOption())
    .addOption(todayOption())
    .addOption(formatOption(["text", "json", "markdown"]))
    .addOption(
      new Option(
        "--output <file>",
        "write the result to this file, and only the verdict and the last line to the terminal",
      ),
    )
    .addOption(
      new Option(
        "--fail-on <what...>",
        "exit 1 where what keeps a zone apart is another (zone), where somebody can do what was not allowed before (widening), where keys or replicas are replaced, removed, moved or taken out of use (replacement); BASE and HEAD go before it",
      ).choices(failReasons),
    )
    .addOption(
      new Option(
        "--link <url>",
        "where the output folder is on the web, as in https://github.com/acme/orgkeys/blob/main/cdktf.out: lines become links in --format markdown",
      ),
    )
    .addOption(new Option("--own-code", "synthesize each commit by its own code, and tell what that changes too"))
    .addOption(
      new Option(
        "--run <run>",
        "instead of BASE: what the plans of this run change, by its id or folder, as they were made",
      ),
    )
    .addOption(new Option("--runs <dir>", "where run folders are kept").default("runs").env("ORGKEYS_RUNS"))
    .addOption(
      new Option(
        "--terraform <program>",
        "the program that reads the plans of --run (default: terraform, else tofu)",
      ).env("ORGKEYS_TERRAFORM"),
    )
    .action((base: string | undefined, head: string | undefined, flags: ReviewFlags) =>
      finish(review(base, head, flags, terminal)),
    );
}

/** What compares and renders is loaded for this command alone: the others should not wait for it. */
function review(
  base: string | undefined,
  head: string | undefined,
  flags: ReviewFlags,
  terminal: Terminal,
): ExitCode | Promise<ExitCode> {
  const refusal = flags.output === undefined ? undefined : refusalOfFile(flags.output);
  const link = flags.link === undefined ? undefined : folderOnWeb(flags.link);
  const mistakes = [
    ...(base === undefined && flags.run === undefined
      ? [
          "BASE is missing: name what the output folder is compared with, a commit as in main... or an output folder, or a run with --run.",
        ]
      : []),
    ...(base !== undefined && flags.run !== undefined
      ? ["--run has both sides, before and after its plans: leave BASE and HEAD out, or --run."]
      : []),
    ...(flags.run !== undefined && flags.ownCode === true
      ? ["--own-code is about commits, and --run has none: leave one of them out."]
      : []),
    ...(flags.link !== undefined && link === undefined
      ? [
          `--link ${flags.link}: must be the address of a folder on the web, as in https://github.com/acme/orgkeys/blob/main/cdktf.out`,
        ]
      : []),
    ...(refusal === undefined ? [] : [`--output ${flags.output}: ${refusal}`]),
  ];
  if (mistakes.length > 0) {
    terminal.note(...mistakes, "", "Nothing was compared.");
    return exitCode.error;
  }
  const { runReview }: typeof import("./run-review") = require("./run-review");
  return runReview(base, head, { ...flags, link }, terminal);
}

/** As it can stand in the Markdown of a table, without a slash at its end; undefined for what is no address of a folder. */
function folderOnWeb(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === undefined || !isWeb || url.search !== "" || url.hash !== "") return undefined;
  return url.href.replaceAll("(", "%28").replaceAll(")", "%29").replaceAll("|", "%7C").replace(/\/+$/, "");
}
