import type { LoadedPlan } from "../../stacks/load-plan";
import { loadPlan } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";
import type { ZoneBoundaries } from "../access/zone-boundary";
import { reviewMarkdown } from "../report/review-markdown";
import type { ReviewOrigin, ReviewReport } from "../report/review-report";
import { reviewSummary } from "../report/review-summary";
import { reviewText } from "../report/review-text";
import { failuresOf, type ReviewFailure } from "../review/fail-on";
import { reviewOutputs } from "../review/review-outputs";
import { verdictOf } from "../review/verdict";
import type { OpenedOutput } from "../terraform/affected/open-output";
import { type ExitCode, exitCode } from "./exit-code";
import { listBoth, onOutputs } from "./open-outputs";
import type { ReviewFlags } from "./review";
import { reviewedLines } from "./reviewed-lines";
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

/** Tells what a change means. The report goes to the standard output, everything else to the standard error. */
export async function runReview(
  base: string,
  head: string | undefined,
  flags: ReviewFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const code = flags.ownCode === true ? "own" : "this";
  const told = await onOutputs(base, head, flags, code, terminal, (before, after) =>
    tell(before, after, flags, terminal),
  );
  if (told === undefined) return exitCode.error;
  const { text, summary, failures, changes } = told;
  if (!writeReport(text, summary, flags.output, terminal)) return exitCode.error;
  terminal.note(...failures.map(failureText));
  if (failures.length > 0) return exitCode.error;
  return changes > 0 ? exitCode.something : exitCode.clean;
}

function tell(before: OpenedOutput, after: OpenedOutput, flags: ReviewFlags, terminal: Terminal): Told | undefined {
  const listed = listBoth(before, after, terminal);
  const zones = listed === undefined ? undefined : zonesOf(before, after, flags, terminal);
  if (listed === undefined || zones === undefined) return undefined;
  const base = reviewedOutput(before, listed.before);
  const head = reviewedOutput(after, listed.after);
  const review = reviewOutputs(base, head, {
    zones: zones.head,
    zonesBefore: zones.base ?? zones.head,
    today: flags.today,
    onStack: (stack, done, total) => terminal.progress(`${done}/${total}  ${stack}`),
  });
  const report: ReviewReport = {
    review,
    verdict: verdictOf(review),
    base: originOf(before, flags, zones.base === undefined),
    head: originOf(after, flags, false),
    today: flags.today,
    failures: failuresOf(review, flags.failOn ?? []),
    lineOf: reviewedLines(review.changes, { base: before, head: after }, { base, head }),
    link: flags.link,
  };
  return {
    text: render(report, flags, terminal),
    summary: `${report.verdict.line}\n${reviewSummary(report)}`,
    failures: report.failures,
    changes: review.changes.length,
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
function zonesOf(
  before: OpenedOutput,
  after: OpenedOutput,
  flags: ReviewFlags,
  terminal: Terminal,
): { readonly head: ZoneBoundaries; readonly base: ZoneBoundaries | undefined } | undefined {
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
  const boundaries = ({ map }: LoadedPlan): ZoneBoundaries => rulesOf(map, flags.today).zones;
  return { head: boundaries(head), base: base !== undefined && "map" in base ? boundaries(base) : undefined };
}

/** Problems are told as in the commit: the folder that it was written into is gone by then. */
function loadMapOf(
  { name, openMap }: OpenedOutput,
  { config }: ReviewFlags,
): ReturnType<typeof loadPlan> | { readonly why: string } {
  const opened = openMap();
  if (opened === undefined) return loadPlan(config);
  if ("problem" in opened) return { why: `${opened.problem}; name a commit with a map, or an output folder instead` };
  const loaded = loadPlan(opened.folder);
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
