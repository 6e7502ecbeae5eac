import type { KeyStep } from "../aws/key-step";
import type { PartitionName } from "../aws/partition";

/** A key of an output and what is known of it without its policies: small enough to hold for 10,000 accounts. */
export interface InventoryKey {
  /** `310000000001/payments_prod_us-east-1`: stays the same whatever the key, its account's OU or its aliases are called. */
  readonly id: string;
  readonly stack: string;
  /** Terraform's: `aws_kms_key.payments_prod_us-east-1` */
  readonly address: string;
  readonly organization: string | undefined;
  readonly partition: PartitionName | undefined;
  readonly ou: string | undefined;
  readonly account: string | undefined;
  readonly accountId: string | undefined;
  readonly zone: string | undefined;
  readonly alias: string | undefined;
  readonly aliases: readonly string[];
  readonly region: string;
  readonly multiRegion: boolean;
  readonly replicas: readonly InventoryReplica[];
  /** Of its tags, which every key of the map has: undefined where they are not there. */
  readonly owner: string | undefined;
  readonly workload: string | undefined;
  readonly environment: string | undefined;
  readonly dataClass: string | undefined;
  /** `SYMMETRIC_DEFAULT`, `RSA_2048` */
  readonly spec: string;
  readonly imported: boolean;
  readonly rotationDays: number | undefined;
  readonly deletionWindowDays: number | undefined;
  readonly step: KeyStep | undefined;
  readonly enabled: boolean;
  readonly grants: number;
  /** Bytes of the key policy as AWS counts them. */
  readonly policyBytes: number;
  /** Requests a month by price group, as the map estimates them; empty where it does not. */
  readonly requests: Readonly<Record<string, number>>;
  /** Places of the map: `workloads/payments.yaml payments.environments.prod`. */
  readonly sources: readonly string[];
}

export interface InventoryReplica {
  readonly region: string;
  readonly address: string;
  readonly step: KeyStep | undefined;
  readonly enabled: boolean;
  readonly grants: number;
  readonly policyBytes: number;
}
