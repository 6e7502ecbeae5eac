import { loadMap } from "../../stacks/load-plan";
import { zonesOf } from "../../stacks/rules";
import type { ZoneBoundaries } from "../access/zone-boundary";
import { reviewMarkdown } from "../report/review-markdown";
import type { ReviewOrigin, ReviewReport } from "../report/review-report";
import { reviewSummary } from "../report/review-summary";
import { reviewText } from "../report/review-text";
import { failuresOf, type ReviewFailure } from "../review/fail-on";
import type { ReviewChange } from "../review/review";
import { type ReviewOutput, reviewOutputs } from "../review/review-outputs";
import { verdictOf } from "../review/verdict";
import type { OpenedOutput } from "../terraform/affected/open-output";
import { stackPath } from "../terraform/graph/read-output";
import { type ExitCode, exitCode } from "./exit-code";
import { type CompareFlags, listBoth, onOutputs } from "./open-outputs";
import { remarkChanges } from "./remark-changes";
import type { ReviewFlags } from "./review";
import { type FileNames, fileNames, reviewedLines } from "./reviewed-lines";
import { reviewedOutput } from "./reviewed-output";
import { reportProblems, type Terminal } from "./terminal";
import { writeReport } from "./write-report";

/** What is left of a review when both sides are closed again. */
interface Told {
  readonly text: string;
  readonly summary: string;
  readonly failures: readonly ReviewFailure[];
  readonly changes: number;
}

/** Both sides, and what a reader has to know of them. */
interface Sides {
  readonly base: ReviewOutput;
  readonly head: ReviewOutput;
  readonly baseOrigin: ReviewOrigin;
  readonly headOrigin: ReviewOrigin;
  /** What a file of a stack is called, by side. */
  readonly fileOf: FileNames;
  readonly zones: ZoneBoundaries;
  /** Undefined where nobody knows them. */
  readonly zonesBefore: ZoneBoundaries | undefined;
  /** What the texts of both sides cannot say. */
  readonly further: readonly ReviewChange[];
}

/**
 * Tells what a change means. The report goes to the standard output, everything else to the standard error.
 *
 * @param base undefined for the plans of a run
 */
export async function runReview(
  base: string | undefined,
  head: string | undefined,
  flags: ReviewFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  if (base === undefined) {
    const sides = await sidesOfRun(flags.run ?? "", flags, terminal);
    return sides === undefined ? exitCode.error : end(tell(sides, flags, terminal), flags, terminal);
  }
  const code = flags.ownCode === true ? "own" : "this";
  const told = await onOutputs(base, head, flags, code, terminal, (before, after) => {
    const sides = sidesOf(before, after, flags, terminal);
    return sides === undefined ? undefined : tell(sides, flags, terminal);
  });
  return told === undefined ? exitCode.error : end(told, flags, terminal);
}

/**
 * What `orgkeys review BASE --format json` tells of the output folder as it is.
 *
 * @returns undefined when there is nothing that can be compared: every reason is then on the terminal
 */
export async function reviewedJson(base: string, flags: CompareFlags, terminal: Terminal): Promise<string | undefined> {
  const asked: ReviewFlags = { ...flags, format: "json", runs: "" };
  const told = await onOutputs(base, undefined, asked, "this", terminal, (before, after) => {
    const sides = sidesOf(before, after, asked, terminal);
    return sides === undefined ? undefined : tell(sides, asked, terminal);
  });
  return told?.text;
}

function end({ text, summary, failures, changes }: Told, { output }: ReviewFlags, terminal: Terminal): ExitCode {
  if (!writeReport(text, summary, output, terminal)) return exitCode.error;
  terminal.note(...failures.map(failureText));
  if (failures.length > 0) return exitCode.error;
  return changes > 0 ? exitCode.something : exitCode.clean;
}

function tell(sides: Sides, flags: ReviewFlags, terminal: Terminal): Told {
  const { base, head, zones, zonesBefore = zones, further, fileOf } = sides;
  const review = reviewOutputs(base, head, {
    zones,
    zonesBefore,
    today: flags.today,
    further,
    onStack: (stack, done, total) => terminal.progress(`${done}/${total}  ${stack}`),
  });
  const report: ReviewReport = {
    review,
    verdict: verdictOf(review),
    base: sides.baseOrigin,
    head: sides.headOrigin,
    today: flags.today,
    failures: failuresOf(review, flags.failOn ?? []),
    lineOf: reviewedLines(review.changes, { base, head }, fileOf),
    link: flags.link,
  };
  return {
    text: render(report, flags, terminal),
    summary: `${report.verdict.line}\n${reviewSummary(report)}`,
    failures: report.failures,
    changes: review.changes.length,
  };
}

/** @returns undefined when there is nothing that can be compared: every reason is then on the terminal */
async function sidesOfRun(run: string, flags: ReviewFlags, terminal: Terminal): Promise<Sides | undefined> {
  const { outputsOfRun }: typeof import("./outputs-of-run") = require("./outputs-of-run");
  const outputs = await outputsOfRun(run, flags, terminal);
  const loaded = loadMap(flags.config);
  if ("problems" in loaded) reportProblems(terminal, loaded.problems, "Nothing was compared.");
  if ("problems" in loaded || outputs === undefined) return undefined;
  const { base, head, remarks } = outputs;
  const zones = zonesOf(loaded.map);
  const origin: ReviewOrigin = { from: "run", isMergeBase: false, code: undefined, byOwnCode: false, zones: "head" };
  return {
    base,
    head,
    baseOrigin: origin,
    headOrigin: origin,
    fileOf: {
      base: (stack) => `${base.name}:stacks/${stack}/cdk.tf.json`,
      head: (stack) => stackPath(flags.out, stack),
    },
    zones,
    zonesBefore: undefined,
    further: remarkChanges(remarks, head, zones),
  };
}

/** @returns undefined when there is nothing that can be compared: every reason is then on the terminal */
function sidesOf(before: OpenedOutput, after: OpenedOutput, flags: ReviewFlags, terminal: Terminal): Sides | undefined {
  const listed = listBoth(before, after, terminal);
  const zones = bothZones(before, after, flags, terminal);
  if (listed === undefined || zones === undefined) return undefined;
  return {
    base: reviewedOutput(before, listed.before),
    head: reviewedOutput(after, listed.after),
    baseOrigin: originOf(before, flags, zones.before === undefined),
    headOrigin: originOf(after, flags, false),
    fileOf: { base: fileNames(before), head: fileNames(after) },
    zones: zones.after,
    zonesBefore: zones.before,
    further: [],
  };
}

function render(report: ReviewReport, { format, output }: ReviewFlags, terminal: Terminal): string {
  if (format === "json") {
    const { reviewJson }: typeof import("../report/review-json") = require("../report/review-json");
    return reviewJson(report);
  }
  if (format === "markdown") return reviewMarkdown(report);
  return reviewText(report, output === undefined ? terminal.emphasize : undefined).join("\n");
}

/**
 * Whose accounts, OUs and Regions are whose: the map of HEAD is the trusted one. A folder belongs to the map on disk.
 *
 * @returns undefined when HEAD's cannot be read: every reason is then on the terminal. BASE's is undefined where it has none, or
 *   where it was written for another orgkeys.
 */
function bothZones(
  before: OpenedOutput,
  after: OpenedOutput,
  flags: ReviewFlags,
  terminal: Terminal,
): { readonly after: ZoneBoundaries; readonly before: ZoneBoundaries | undefined } | undefined {
  const head = loadMapOf(after, flags);
  if ("why" in head) {
    terminal.note(head.why, "", "Nothing was compared.");
    return undefined;
  }
  if ("problems" in head) {
    reportProblems(terminal, head.problems, "Nothing was compared.");
    return undefined;
  }
  const base = before.commit === undefined ? undefined : loadMapOf(before, flags);
  return { after: zonesOf(head.map), before: base !== undefined && "map" in base ? zonesOf(base.map) : undefined };
}

/** Problems are told as in the commit: the folder that it was written into is gone by then. */
function loadMapOf(
  { name, openMap }: OpenedOutput,
  { config }: ReviewFlags,
): ReturnType<typeof loadMap> | { readonly why: string } {
  const opened = openMap();
  if (opened === undefined) return loadMap(config);
  if ("problem" in opened) return { why: `${opened.problem}; name a commit with a map, or an output folder instead` };
  const loaded = loadMap(opened.folder);
  if (!("problems" in loaded)) return loaded;
  const named = (file: string): string => file.replace(opened.folder, `${name}:${config}`);
  return { problems: loaded.problems.map((problem) => ({ ...problem, file: named(problem.file) })) };
}

function originOf(
  { from, isMergeBase, commit, code }: OpenedOutput,
  { ownCode = false }: ReviewFlags,
  hasOtherZones: boolean,
): ReviewOrigin {
  return {
    from,
    isMergeBase,
    code,
    byOwnCode: code !== undefined && code !== "none" && ownCode,
    zones: commit === undefined || hasOtherZones ? "head" : "own",
  };
}

/** As many as a person reads. */
const MOST_NAMES = 5;

function failureText({ reason, why, of }: ReviewFailure): string {
  const more = of.length - MOST_NAMES;
  const names = `${of.slice(0, MOST_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `--fail-on ${reason}: ${why}: ${names}; take it back, or have the review approved by whoever answers for it and run without --fail-on ${reason}`;
}
