import type { IgnoreRule } from "../findings/ignore-rule";
import type { Unread } from "../live/live-account";
import type { Coverage } from "./coverage";
import type { DriftFinding } from "./drift-finding";

/** What one run of drift found. */
export interface DriftReport {
  /** The folder with the reviewed JSON. */
  readonly output: string;
  /** The day, as in 2027-01-31. */
  readonly today: string;
  /** When the reading began, ISO 8601. */
  readonly startedAt: string;
  readonly engine: "aws" | "terraform";
  /** In the order of the map. */
  readonly accounts: readonly AccountDrift[];
  /** Most severe first. */
  readonly findings: readonly DriftFinding[];
  readonly ignored: readonly IgnoredFinding[];
  /** Findings that the report of --since has as well. */
  readonly known: readonly DriftFinding[];
  /** Rules that nothing matches, or that are past their day. */
  readonly idleRules: readonly IgnoreRule[];
  readonly left: {
    /** Findings that --severity leaves out. */
    readonly belowSeverity: number;
    /** Findings that the report of --since has as well. */
    readonly known: number;
    /** Findings of that report, on what was read again, that are no more. */
    readonly gone: number;
  };
  /** Calls of AWS's interfaces, retries included. */
  readonly calls: number;
}

export interface IgnoredFinding {
  readonly finding: DriftFinding;
  readonly rule: IgnoreRule;
}

/** What was read of one account. */
export interface AccountDrift {
  readonly account: string;
  readonly accountId: string;
  readonly organization: string;
  readonly zone: string;
  /** The synthesized stacks that were held against it. */
  readonly stacks: readonly string[];
  readonly regions: readonly string[];
  /** read: everything. partly: see `unread`. unread: nothing. inactive: suspended or pending in the map, and not asked. */
  readonly status: "read" | "partly" | "unread" | "inactive";
  readonly unread: readonly UnreadPart[];
  readonly coverage: Coverage;
}

/** Something of an account that nobody has checked. */
export interface UnreadPart extends Unread {
  /** `grants of key mrk-…`, `keys`, `the account` */
  readonly what: string;
  readonly region: string | undefined;
}
