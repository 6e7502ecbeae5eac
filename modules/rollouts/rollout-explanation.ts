import type { Finding } from "../findings/finding";
import type { PlannedDirectStack, PlannedStackSet } from "./rollout-plan";
import type { CreatedName, MadeResource } from "./template";

/** Where one rollout goes: who is in and through what, who is out and why. */
export interface RolloutExplanation {
  readonly schema: "orgkeys/rollout/v1";
  readonly rollout: string;
  readonly zone: string;
  readonly template: string;
  readonly source: string;
  /** The account that keeps the StackSets. */
  readonly administrator: string;
  /** Who writes with all rights into each account that it reaches, and takes its guardrails off. */
  readonly above: readonly ZoneAbove[];
  /** Each after those that it waits for. */
  readonly stackSets: readonly ExplainedStackSet[];
  /** What StackSets do not bring, each after those that it waits for. */
  readonly directStacks: readonly ExplainedDirectStack[];
  /** Accounts of the zone, sorted by name. */
  readonly in: readonly ReachedAccount[];
  /** Accounts of the zone, sorted by name. */
  readonly out: readonly OutsideAccount[];
  readonly findings: readonly Finding[];
}

/** The pipelines that have the deploy role where StackSets or guardrails of a zone are kept. */
export interface ZoneAbove {
  /** `StackSets` or `guardrails`. */
  readonly keeps: "StackSets" | "guardrails";
  readonly account: string;
  /** The account's zone. */
  readonly zone: string;
  /** ARNs of roles; empty where the map does not say. */
  readonly pipelines: readonly string[];
}

export interface ExplainedStackSet
  extends Pick<
    PlannedStackSet,
    | "id"
    | "name"
    | "after"
    | "autoDeployment"
    | "retain"
    | "regions"
    | "concurrency"
    | "failureTolerance"
    | "concurrencyMode"
    | "regionConcurrency"
    | "why"
  > {
  readonly stack: string;
  readonly wave: string | undefined;
  /** Whether the rollout is tried out here, account by account. */
  readonly canary: boolean;
  readonly filter: PlannedStackSet["targets"]["filter"];
  /** The path of an OU is undefined for the root. */
  readonly ous: readonly { readonly id: string; readonly path: string | undefined }[];
  /** What the filter takes. */
  readonly accounts: readonly { readonly id: string; readonly account: string | undefined }[];
  /** Accounts of the map that it goes to. */
  readonly reaches: readonly string[];
  /** Accounts of the map below its targets, whose instances are empty. */
  readonly leavesEmpty: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** What has a name that an account has once. */
  readonly creates: readonly CreatedName[];
  /** Everything. */
  readonly makes: readonly MadeResource[];
}

export interface ExplainedDirectStack
  extends Pick<PlannedDirectStack, "id" | "name" | "region" | "bootstrapped" | "after" | "why"> {
  readonly stack: string;
  readonly account: string;
  /** What has a name that an account has once. */
  readonly creates: readonly CreatedName[];
  /** Everything. */
  readonly makes: readonly MadeResource[];
}

export interface ReachedAccount extends ExplainedPlace {
  /** `OU Workloads/Prod`, `its own name`, or `a stack of its own` where no StackSet brings it. */
  readonly through: string;
  readonly wave: string | undefined;
  /** Names of StackSets, or of stacks of its own. */
  readonly by: readonly string[];
  /** In their order. */
  readonly regions: readonly string[];
}

export interface OutsideAccount extends ExplainedPlace {
  readonly why: string;
}

export interface ExplainedPlace {
  readonly account: string;
  readonly accountId: string;
  /** Empty for an account directly below the root. */
  readonly ou: string;
}
