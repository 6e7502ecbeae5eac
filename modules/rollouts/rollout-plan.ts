import type { Account, Zone } from "../organization/organization-map";
import type { Rollout, RolloutQuantity } from "../organization/rollout";
import type { RenderedTemplate } from "./template";

/** All rollouts of a map. */
export interface RolloutPlans {
  /** Sorted by stack. */
  readonly zones: readonly RolloutPlan[];
  /** Sorted by stack. */
  readonly direct: readonly DirectRolloutPlan[];
}

/** What one zone's rollout stack holds: its StackSets, in the account that keeps them. */
export interface RolloutPlan {
  /** `commercial.rollouts.pci` */
  readonly stack: string;
  readonly zone: Zone;
  /** The management account, or the organization's delegated administrator. */
  readonly administrator: Account;
  /** What the deploy role of that account asks of each session (`sessionTagsOf`). */
  readonly sessionTags: Readonly<Record<string, string>>;
  readonly callAs: "SELF" | "DELEGATED_ADMIN";
  /** At least one, each after those that it waits for. */
  readonly stackSets: readonly PlannedStackSet[];
}

/** One StackSet with its instances: a rollout or one wave of it, or the bus, the replicas or the single accounts of these. */
export interface PlannedStackSet {
  /** Its Terraform address: `pci_access-roles`, `pci_access-roles_prod`, `pci_baseline-keys_replicas`. */
  readonly id: string;
  /** In CloudFormation: `orgkeys-pci-access-roles-prod`. */
  readonly name: string;
  readonly rollout: Rollout;
  /** Undefined for a rollout without waves. */
  readonly wave: string | undefined;
  readonly description: string;
  readonly template: RenderedTemplate;
  readonly targets: StackSetTargets;
  /** False also where it goes to single accounts: who joins their OU later is not meant. */
  readonly autoDeployment: boolean;
  readonly retain: boolean;
  /** In their order. */
  readonly regions: readonly string[];
  readonly concurrency: RolloutQuantity;
  readonly failureTolerance: RolloutQuantity;
  readonly concurrencyMode: "strict" | "soft";
  readonly regionConcurrency: "sequential" | "parallel";
  readonly tags: Readonly<Record<string, string>>;
  /** The ids of the StackSets that have to be through before this one begins. */
  readonly after: readonly string[];
  /** The active accounts of the map that it goes to, sorted by name. */
  readonly reaches: readonly Account[];
  /** The active accounts below its targets that it leaves out: they have an instance in which nothing is. */
  readonly leavesEmpty: readonly Account[];
  readonly why: readonly string[];
  /** Places in the map: `rollouts.yaml pci.templates.access-roles`. */
  readonly sources: readonly string[];
}

/**
 * Targets as CloudFormation has them. NONE: everything below the OUs. INTERSECTION: of it these accounts alone. Never DIFFERENCE: the
 * provider deletes every other account's instance as soon as one of those accounts is taken off the list.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/issues/47721
 */
export interface StackSetTargets {
  /** Ids of OUs, or of the organization's root with INTERSECTION; sorted. */
  readonly ous: readonly string[];
  readonly filter: "NONE" | "INTERSECTION";
  /** Account ids, sorted. */
  readonly accounts: readonly string[];
}

/**
 * What StackSets do not bring to one account: the management account, which they never reach, and the account that keeps
 * them, whose deploy role has to be there before they are. The same templates, as CloudFormation stacks of Terraform's own.
 */
export interface DirectRolloutPlan {
  /** `commercial.rollouts.corporate.org-management` */
  readonly stack: string;
  readonly zone: Zone;
  readonly account: Account;
  /** What the deploy role of that account asks of each session (`sessionTagsOf`). */
  readonly sessionTags: Readonly<Record<string, string>>;
  /** At least one. */
  readonly stacks: readonly PlannedDirectStack[];
}

export interface PlannedDirectStack {
  /** Its Terraform address: `corporate_access-roles_us-east-1`. */
  readonly id: string;
  /** In CloudFormation: `orgkeys-corporate-access-roles`. */
  readonly name: string;
  readonly rollout: Rollout;
  readonly region: string;
  readonly template: RenderedTemplate;
  /** Whether the stack is there before Terraform is, because Terraform assumes the role that it makes. */
  readonly bootstrapped: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** The ids of the stacks that have to be there first. */
  readonly after: readonly string[];
  readonly why: readonly string[];
  readonly sources: readonly string[];
}
