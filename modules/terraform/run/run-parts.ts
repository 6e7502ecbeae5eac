import type { StackNode } from "../graph/stack-node";
import type { PlanJson } from "../plan-json";
import type { Clock, PlanEnd, ShowEnd, StepContext, StepEnd, StepEvent, StopSignal } from "../steps/step";
import type { GateEntry, RunReport } from "./run-report";

/** What a run is made of, each part from outside: with others it runs in a test, without Terraform and without waiting. */
export interface RunParts {
  readonly steps: RunSteps;
  readonly gate: Gate;
  readonly strayKeys: FindStrayKeys;
  readonly doubleKeys: FindDoubleKeys;
  /** Asks a person; undefined where there is none. */
  readonly confirm: ((question: Question, report: RunReport) => Promise<boolean>) | undefined;
  readonly clock: Clock;
  readonly stop: StopSignal;
  /** The stack's folder in the output, absolute. */
  readonly directoryOf: (stack: string) => string;
  /** The bytes of its cdk.tf.json as they are on the disk. @throws the disk's error */
  readonly textOf: (stack: string) => string;
  /** Whether this is the text that the zone proof was held against. */
  readonly isProved: (stack: string, text: string) => boolean;
  /** Names of what Terraform loads besides that text, and somebody answered for when the proof was held. */
  readonly besideOf: (stack: string) => readonly string[];
  readonly onEvent: (stack: string, event: StepEvent) => void;
}

/** Terraform in one stack's folder. */
export interface RunSteps {
  /** Fills the provider cache, alone. */
  readonly warmCache: (context: StepContext) => Promise<StepEnd>;
  readonly init: (context: StepContext) => Promise<StepEnd>;
  /** Plans to `plan.tfplan` in the stack's folder of the run. */
  readonly plan: (context: StepContext) => Promise<PlanEnd>;
  /** Reads that plan. */
  readonly show: (context: StepContext) => Promise<ShowEnd>;
  /** Applies that plan, and no other: one with this SHA-256. */
  readonly apply: (context: StepContext, planSha256: string) => Promise<StepEnd>;
  readonly importResource: (context: StepContext, address: string, id: string) => Promise<StepEnd>;
  readonly forgetResource: (context: StepContext, address: string) => Promise<StepEnd>;
}

/** One stack's plan, and the very text that was planned. */
export interface StackPlan {
  readonly node: StackNode;
  readonly text: string;
  readonly plan: PlanJson;
}

export interface GateVerdict {
  readonly findings: readonly GateEntry[];
  /** How many of them nobody allows. */
  readonly open: number;
  /** Allowances that allow nothing, or more than one thing. */
  readonly mistakes: readonly string[];
}

/**
 * Judges plans before any of them is applied.
 *
 * @param plans those that no gate has judged in this run
 */
export type Gate = (plans: readonly StackPlan[], round: GateRound) => Promise<GateVerdict>;

/** A run with deferred stacks is judged in parts. */
export interface GateRound {
  /** Changes that passed in earlier rounds. */
  readonly changesBefore: number;
  /** Whether deferred stacks come later: an allowance may be about them. */
  readonly moreToCome: boolean;
}

/** A key in AWS that a cut apply made, and that no state has. */
export interface StrayKey {
  readonly address: string;
  /** What `terraform import` takes. */
  readonly id: string;
}

/**
 * Looks for what a cut apply has made.
 *
 * @param since ISO 8601: what is older is somebody else's
 * @returns what is to be imported, or why nobody can tell
 */
export type FindStrayKeys = (
  plan: StackPlan,
  since: string,
) => Promise<readonly StrayKey[] | { readonly unknown: string }>;

/** A key that AWS has beside the one of the state, and just as it. */
export interface DoubleKey {
  readonly address: string;
  /** The one that no state has. */
  readonly arn: string;
  /** The id of the one that the state has. */
  readonly kept: string;
}

/**
 * Looks for keys that were made twice. AWS KMS takes no token by which it would know a CreateKey again: where the answer is lost on
 * its way, the provider asks once more, and Terraform ends well.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
 *
 * @param since ISO 8601: when the apply began
 * @param made what that apply has made, ids by address; undefined where nobody knows any more: then of every key that the state has
 * @returns keys that no state has, or why nobody can tell
 */
export type FindDoubleKeys = (
  plan: StackPlan,
  since: string,
  made: ReadonlyMap<string, string> | undefined,
) => Promise<readonly DoubleKey[] | { readonly unknown: string }>;

export type Question =
  | { readonly kind: "apply"; readonly stacks: number; readonly changes: number; readonly deferred: number }
  | { readonly kind: "canaries"; readonly stacks: readonly string[] }
  | { readonly kind: "go-on"; readonly canaries: readonly string[]; readonly left: number };

/** What somebody asked for. */
export interface RunRequest {
  readonly command: "plan" | "apply";
  readonly keepGoing: boolean;
  /** Nobody is asked. */
  readonly autoApprove: boolean;
}
