import type { Severity } from "../findings/finding";
import type { GateId } from "../findings/gate-ids";
import type { GateRules } from "./gate-finding";
import type { GatedStack } from "./gated-stack";

/** One thing that no plan does unless somebody answers for it. */
export interface GateRule {
  /** The file's name. */
  readonly id: GateId;
  readonly severity: Severity;
  /** What has to hold, in one sentence. */
  readonly requirement: string;
  /** Why, in one sentence. */
  readonly reason: string;
  /** What to do, as an instruction, where a danger says nothing of its own. */
  readonly fix: string;
  /**
   * command line: `--allow` and exceptions.yaml. exception: exceptions.yaml alone, with its owner, its end and its review. nobody: what
   * is not understood cannot be answered for.
   */
  readonly allowedBy: "command line" | "exception" | "nobody";
  readonly inStack?: (stack: GatedStack) => readonly Danger[];
  readonly inRun?: (stacks: readonly GatedStack[], rules: GateRules) => readonly Danger[];
}

/** Something that a plan would do. */
export interface Danger {
  /** A Terraform address; undefined for the stack, or the run, as a whole. */
  readonly address: string | undefined;
  /** What exactly, within that. Exceptions repeat it word by word. */
  readonly detail?: readonly string[];
  /** What would happen, with the values found. */
  readonly why: string;
  /** @default the rule's */
  readonly fix?: string;
}
