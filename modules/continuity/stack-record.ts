import type { KeyMetadata } from "../access/synthesized-stack";
import type { RolloutRecord } from "./rollout-record";

/** What one stack of an output has that can be lost. */
export interface StackRecord {
  readonly name: string;
  /** Its state file's name, which stays when the stack's name does not; a module's is its account's id. */
  readonly state: string;
  /** What goes on with it is about the same: its state, or the zone's rollouts, whoever keeps them. */
  readonly subject: string;
  readonly accountId: string;
  readonly account: string;
  readonly zone: string;
  /** `commercial/Workloads/Prod`, of an account's own stack. */
  readonly ouPath: string | undefined;
  /** The backend as the JSON has it. */
  readonly backend: string;
  /** Addresses of the policies with which AWS Organizations guards a zone. */
  readonly guardrails: readonly string[];
  /** Keys, replicas and key stores, by address. */
  readonly keys: ReadonlyMap<string, KeyRecord>;
  readonly aliases: readonly AliasRecord[];
  /** Ids in AWS by the address that takes them over. */
  readonly imports: ReadonlyMap<string, string>;
  /** Addresses that Terraform lets go of without destroying anything. */
  readonly removed: ReadonlySet<string>;
  /** By the primary's resource id, keys that are let go among them. */
  readonly metadata: ReadonlyMap<string, KeyMetadata>;
  /** Undefined for a stack without CloudFormation templates. */
  readonly rollouts: RolloutRecord | undefined;
}

export interface KeyRecord {
  readonly kind: "key" | "replica" | "key store";
  /** `aws_kms_key.payments_prod_us-east-1` */
  readonly address: string;
  readonly type: string;
  /** `payments_prod_us-east-1` */
  readonly id: string;
  /** `payments_prod` */
  readonly identity: string;
  readonly region: string;
  /** A replica's. */
  readonly primary: string | undefined;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** A replica's is that of its primary. */
  readonly metadata: KeyMetadata | undefined;
  /** The team that answers for it. */
  readonly owner: string | undefined;
}

export interface AliasRecord {
  /** `aws_kms_alias.payments-prod_us-east-1` */
  readonly address: string;
  /** `alias/payments-prod` */
  readonly name: string;
  readonly region: string;
  /** Address of the key or replica. */
  readonly target: string;
}
