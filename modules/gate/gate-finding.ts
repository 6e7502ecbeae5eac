import type { ZoneBoundaries } from "../access/zone-boundary";
import type { AcceptedException } from "../checks/frame/check";
import type { GateId } from "../findings/gate-ids";
import type { StackNode } from "../terraform/graph/stack-node";
import type { PlanJson } from "../terraform/plan-json";
import type { GateEntry } from "../terraform/run/run-report";

/** One stack's plan, and the very text that was planned. */
export interface GateInput {
  readonly node: StackNode;
  /** The stack's cdk.tf.json. */
  readonly text: string;
  readonly plan: PlanJson;
}

/** What somebody answers for on the command line. */
export interface Allowance {
  /**
   * `aws_kms_key.payments_prod_us-east-1`, where needed after an id of the gate, the account's or stack's name, or both, each with a space:
   * `key-replaced payments-prod aws_kms_key.payments_prod_us-east-1`. Of the run as a whole it is `run`.
   */
  readonly subject: string;
  readonly reason: string;
}

export interface GateRules {
  readonly zones: ZoneBoundaries;
  /** Of exceptions.yaml, those for the gate and all others. */
  readonly exceptions: readonly AcceptedException[];
  readonly allowances: readonly Allowance[];
  /** Of the run as a whole. @default as many as there are */
  readonly maxChanges: number | undefined;
  /** The day, as in 2027-01-31. */
  readonly today: string;
  readonly keysLike: FindKeysLike;
  /** Whether further plans of the run will come: an allowance that allows nothing yet is then no mistake. @default false */
  readonly moreToCome?: boolean;
  /** Changes of plans of the run that were looked at before these. @default 0 */
  readonly changesBefore?: number;
}

/** A key that a plan would make. */
export interface WantedKey {
  readonly stack: string;
  readonly address: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string;
}

/** A key in AWS that carries the same tags and description. */
export interface KeyLike {
  readonly keyId: string;
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`… */
  readonly state: string;
  /** ISO 8601 */
  readonly createdAt: string;
  /** Of one that waits for its deletion, ISO 8601. */
  readonly deletedAt: string | undefined;
}

/** Looks into the account and Region in which a stack would make a key. */
export type FindKeysLike = (
  input: GateInput,
  wanted: WantedKey,
) => Promise<readonly KeyLike[] | { readonly unread: string }>;

export interface GateReport {
  /** Most severe first. */
  readonly findings: readonly (GateEntry & { readonly id: GateId })[];
  /** How many of them nobody allows. */
  readonly open: number;
  /** Allowances that allow nothing, more than one thing, or what nobody may: a mistake of who wrote them. */
  readonly mistakes: readonly string[];
  /** Those that these plans have no use for. */
  readonly unused: readonly Allowance[];
  /** Of each that was used, the subject that means what it allowed and nothing else. */
  readonly meant: ReadonlyMap<Allowance, string>;
}
