import type { Finding } from "../../findings/finding";
import type { StackNode } from "../graph/stack-node";
import type { ChangeCounts, StepFailure } from "../steps/step";

export const RUN_SCHEMA = "orgkeys/run/v1";

/** What a run was to do and what came of it: `runs/<id>/report.json`, written anew with every step of a stack. */
export interface RunReport {
  readonly schema: typeof RUN_SCHEMA;
  /** `20261122T125145Z-3f2a` */
  readonly id: string;
  readonly command: "plan" | "apply";
  /** Planned with the audit role: such plans cannot be applied. Left out otherwise. */
  readonly audit?: true;
  /**
   * running: or its process was killed. done: every stack is as it should be, or planned. failed: a stack failed. held: the gate stopped it.
   * stopped: somebody did. waiting: for a word after the canaries. declined: the word was no.
   */
  readonly status: "running" | "done" | "failed" | "held" | "stopped" | "waiting" | "declined";
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  /** When `--resume` went on with it. */
  readonly resumedAt: readonly string[];
  readonly tool: { readonly name: string; readonly version: string };
  /** The output folder as the user wrote it. */
  readonly out: string;
  /** The map's folder in the same way; undefined in the report of an older orgkeys. */
  readonly config?: string;
  /** The words of the command line that chose the stacks. */
  readonly selection: readonly string[];
  /** Stacks at once: of applies, of which a machine bears more than of plans. */
  readonly concurrency: number;
  /** What the gate found; undefined before it looked. */
  readonly gate:
    | {
        readonly findings: readonly GateEntry[];
        /** How many of them nobody allows. */
        readonly open: number;
        /** What is wrong with allowances themselves. */
        readonly mistakes: readonly string[];
      }
    | undefined;
  /** How many canaries were asked for: a run that is resumed does not forget them. */
  readonly canary: number;
  /** Those that went first, with --canary, and whether a plan after their apply was empty. */
  readonly canaries: { readonly stacks: readonly string[]; readonly passed: boolean } | undefined;
  /** In the order of the run. */
  readonly stacks: readonly StackReport[];
}

/** A finding of the gate, and who allows it. */
export interface GateEntry extends Finding {
  readonly stack: string;
  readonly address: string | undefined;
  /** Undefined for what stops the run. */
  readonly allowed: { readonly by: "exception" | "command line"; readonly reason: string } | undefined;
}

export interface StackReport
  extends Pick<
    StackNode,
    "kind" | "organization" | "ou" | "zone" | "account" | "accountId" | "providers" | "resources"
  > {
  readonly stack: string;
  /** Of the order, from 0. */
  readonly layer: number;
  /** Why it is in the run: what of the selection chose it. */
  readonly why: string;
  /**
   * waiting: not begun. unchanged: its plan has nothing to do. planned: a saved plan is there. deferred: it cannot be planned before what it needs is
   * applied. held: the gate. applied. failed. interrupted: it was cut. skipped: something before it failed, or the run ended.
   */
  readonly status:
    | "waiting"
    | "planning"
    | "unchanged"
    | "planned"
    | "deferred"
    | "held"
    | "applying"
    | "applied"
    | "failed"
    | "interrupted"
    | "skipped";
  /** SHA-256 of the cdk.tf.json that was planned, as hexadecimal text. */
  readonly jsonSha256: string | undefined;
  readonly changes: ChangeCounts | undefined;
  readonly durations: { readonly initMs?: number; readonly planMs?: number; readonly applyMs?: number };
  /** Attempts of the step that took most of them. */
  readonly attempts: number;
  readonly failure: StepFailure | undefined;
  /** Why it is deferred, skipped or held: the stack that it waited for, or the finding. */
  readonly note: string | undefined;
  /** When its apply began, ISO 8601: what a cut apply made is younger. Undefined once that apply's end is known, or made up for. */
  readonly applyStartedAt: string | undefined;
  /** The Terraform that applies it or did last: it goes on when orgkeys is killed. */
  readonly process: { readonly pid: number; readonly started: string | undefined } | undefined;
  /** Addresses that a resumed run took into the state because a cut apply had made them. */
  readonly imported: readonly string[];
}
