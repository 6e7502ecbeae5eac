import type { ChangeAction, PlanJson } from "../plan-json";

/** The environment of a process, whole. */
export type Variables = Readonly<Record<string, string>>;

/** Terraform, or OpenTofu where that is installed. */
export interface TerraformTool {
  readonly name: "terraform" | "tofu";
  /** As it is started: a name on the PATH, or a path. */
  readonly program: string;
  /** `1.11.4` */
  readonly version: string;
}

/** Why no Terraform can be started at all, for any stack. */
export interface ToolProblem {
  /** `no-terraform`, `terraform-unusable`, `version`, `refused-variable` */
  readonly cause: string;
  readonly message: string;
  readonly whatToDo: string;
}

export type StepName = "init" | "plan" | "show" | "apply" | "import";

/** How urgently a run is to end. */
export interface StopSignal {
  /** 0: go on. 1: start no apply, let running ones finish. 2: interrupt Terraform, which writes its state. 3: kill it. */
  readonly level: 0 | 1 | 2 | 3;
  /** @returns a function that ends the subscription */
  onChange(listener: (level: StopSignal["level"]) => void): () => void;
}

/** What one stack's steps need. */
export interface StepContext {
  readonly tool: TerraformTool;
  /** `commercial.workloads.prod.shop-prod` */
  readonly stack: string;
  /** The stack's folder in the output, absolute. */
  readonly directory: string;
  /** Where its plan and its logs go, absolute: `runs/<id>/stacks/<stack>`. */
  readonly folder: string;
  /** The whole environment of the process. */
  readonly environment: Variables;
  /** How often a step is tried when waiting helps. @default 5 */
  readonly attempts?: number;
  /** Whether a plan holds the state's lock: one that is never applied keeps nobody from applying. @default true */
  readonly locks?: boolean;
  /** Whether a plan only tells what AWS has other than the state, and proposes nothing. @default false */
  readonly refreshOnly?: boolean;
  /** Names of files beside the stack's JSON that Terraform may load. @default none */
  readonly beside?: readonly string[];
  readonly stop: StopSignal;
  readonly clock: Clock;
  readonly onEvent: (event: StepEvent) => void;
}

/** Time comes from outside, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early when the stop signal rises. */
  wait(milliseconds: number, stop: StopSignal): Promise<void>;
  /** From 0 up to, not with, 1: spreads what would otherwise come again all at once. */
  random(): number;
}

/** What can be told of a step while it runs. */
export type StepEvent =
  | { readonly kind: "started"; readonly step: StepName; readonly attempt: number; readonly pid: number }
  | {
      readonly kind: "resource";
      readonly step: StepName;
      readonly address: string;
      readonly done: boolean;
      /** As Terraform writes it into the state, of what it has made. */
      readonly id?: string;
    }
  | { readonly kind: "retry"; readonly step: StepName; readonly cause: string; readonly waitMs: number };

export type StepEnd<Result = unknown> =
  | ({ readonly ok: true; readonly durationMs: number; readonly attempts: number } & Result)
  | { readonly ok: false; readonly durationMs: number; readonly attempts: number; readonly failure: StepFailure };

export type PlanEnd = StepEnd<{ readonly changes: boolean }>;

export type ShowEnd = StepEnd<{
  readonly plan: PlanJson;
  /** Of the plan file that was read, as hexadecimal text: what may be applied. */
  readonly planSha256: string;
}>;

/** Why a step did not end well, and what somebody does about it. */
export interface StepFailure {
  readonly step: StepName;
  /** The kind of cause: `state-locked`, `no-credentials`, `role-not-assumed`, `stale-plan`, `provider-crashed`, `disk-full`, `interrupted`… */
  readonly cause: string;
  /** In Terraform's words, without values of variables and without credentials. */
  readonly message: string;
  readonly whatToDo: string;
  /** Whether waiting helps: throttling and locks alone. */
  readonly transient: boolean;
  /** Whether something may have been changed in AWS that no state has. */
  readonly uncertain: boolean;
  /** Addresses whose change was begun, and whose end is not known: neither done nor refused. In name order. */
  readonly unfinished: readonly string[];
}

/** How many of what a plan changes. */
export interface ChangeCounts {
  /** By action. */
  readonly actions: Readonly<Partial<Record<ChangeAction, number>>>;
  /** By type of resource and action: `{"aws_kms_key": {"create": 2}}`. */
  readonly types: Readonly<Record<string, Readonly<Partial<Record<ChangeAction, number>>>>>;
}
