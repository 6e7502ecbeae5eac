import type { ReviewFailure } from "../review/fail-on";
import type { JsonPlace, Review } from "../review/review";
import type { CommitCode } from "../terraform/affected/commit-code";
import type { FilePlace } from "./locate-findings";

/** Everything that a report of `orgkeys review` says, in whatever format. */
export interface ReviewReport {
  readonly review: Review;
  readonly verdict: ReviewVerdict;
  readonly base: ReviewOrigin;
  readonly head: ReviewOrigin;
  /** The day of the review, as in 2027-01-31; undefined when none was given, and nothing ends. */
  readonly today: string | undefined;
  /** What `--fail-on` stops at. */
  readonly failures: readonly ReviewFailure[];
  /** Undefined for a place that leads into no file. */
  lineOf(place: JsonPlace): FilePlace | undefined;
  /** Where the output folder is on the web, without a slash at its end: `https://…/blob/SHA/cdktf.out`; undefined for no links. */
  readonly link: string | undefined;
}

/** What to make of a change, in one line. */
export interface ReviewVerdict {
  readonly level: "none" | "harmless" | "look" | "stop";
  readonly line: string;
}

/** Where one side's stacks are from. */
export interface ReviewOrigin {
  /** run: as Terraform planned them. */
  readonly from: "folder" | "committed" | "synthesized" | "run";
  /** Whether the commit is where BASE and HEAD parted. */
  readonly isMergeBase: boolean;
  /** Of a commit that was synthesized: what code it has. */
  readonly code: CommitCode | undefined;
  /** Whether that code made its stacks; otherwise the one that runs did. */
  readonly byOwnCode: boolean;
  /** Whose accounts are in which zone, by whose map: that of HEAD where a side has none that can be read. */
  readonly zones: "own" | "head";
}

/** `main (3f2a91c0d4e5, synthesized)` */
export function originText({ name, commit }: Review["base"], { from, isMergeBase }: ReviewOrigin): string {
  if (commit === undefined) return from === "run" ? `${name} (run)` : name;
  return `${name} (${isMergeBase ? "merge base " : ""}${commit.slice(0, 12)}, ${from})`;
}

/** What a reader has to know of how both sides were made; empty where there is nothing. */
export function originLines({ review, base, head }: ReviewReport): string[] {
  const others = [
    ...(base.code === "other" && !base.byOwnCode ? [review.base.name] : []),
    ...(head.code === "other" && !head.byOwnCode ? [review.head.name] : []),
  ];
  const isMapUnread = review.base.commit !== undefined && base.zones === "head";
  return [
    ...(others.length === 0
      ? []
      : [
          `The orgkeys of ${others.join(" and ")} is another than this one, which made both sides: this tells what the map changes. --own-code tells what both change.`,
        ]),
    ...(isMapUnread
      ? [
          `The map of ${review.base.name} cannot be read by this orgkeys: zones are those of ${review.head.name} on both sides.`,
        ]
      : []),
  ];
}
