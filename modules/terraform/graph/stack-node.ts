/** What a stack is about; see `StackMetadata.kind`. */
export type StackNodeKind = "account" | "guardrails" | "rollouts" | "direct-rollouts";

/** One stack of an output, as far as choosing, ordering and weighing it go. */
export interface StackNode {
  /** `commercial.workloads.prod.shop-prod` */
  readonly name: string;
  readonly kind: StackNodeKind;
  /** The organization's name in the map. */
  readonly organization: string;
  /** `Workloads/Prod`: of an account's stack alone. */
  readonly ou: string | undefined;
  readonly zone: string;
  /** Its name in the map; undefined for what is about a zone as a whole. */
  readonly account: string | undefined;
  /** The account that Terraform works in. */
  readonly accountId: string;
  /** Its state file's name without `.tfstate`. */
  readonly state: string;
  /** Provider processes that Terraform starts for it, 600 MB each: one for each alias. */
  readonly providers: number;
  readonly resources: number;
}

/** A stack that has to be applied before another, and why. */
export interface StackNeed {
  readonly from: string;
  /** Applied first. */
  readonly to: string;
  /** Whether `from` cannot even be planned before `to` is applied: it looks something up, or becomes a role, that `to` makes. */
  readonly hard: boolean;
  readonly why: string;
}

/** Every stack of an output and what they need of each other. */
export interface StackGraph {
  /** By name, in name order. */
  readonly nodes: ReadonlyMap<string, StackNode>;
  readonly needs: readonly StackNeed[];
}

/** Stacks in the order of a run: of each layer, all at once. */
export interface RunOrder {
  readonly layers: readonly (readonly StackNode[])[];
  /** The needs among these stacks, without those that were left out to break a cycle. */
  readonly needs: readonly StackNeed[];
  /** Needs on stacks that are not among these: they have to be applied already. */
  readonly outside: readonly StackNeed[];
  /** Needs among these stacks that would close a circle: nothing waits for them. */
  readonly leftOut: readonly StackNeed[];
}
