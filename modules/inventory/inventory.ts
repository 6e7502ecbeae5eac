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
  /** Address or id of the custom key store that has the material. */
  readonly keyStore: string | undefined;
  /** Undefined for a key that does not rotate by itself. */
  readonly rotationDays: number | undefined;
  /** Rotations on demand that the map records. */
  readonly rotationsOnDemand: number;
  readonly deletionWindowDays: number | undefined;
  readonly step: KeyStep | undefined;
  readonly enabled: boolean;
  readonly grants: number;
  /** Bytes of the key policy as AWS counts them. */
  readonly policyBytes: number;
  /** As the map estimates them, by the account that makes them; empty where it does not. */
  readonly requests: readonly RequestRate[];
  /** Places of the map: `workloads/payments.yaml payments.environments.prod`. */
  readonly sources: readonly string[];
}

/** What one account asks of one key. AWS bills and throttles the account that asks, whoever owns the key. */
export interface RequestRate {
  readonly accountId: string;
  readonly perMonth: number;
  /** What quotas are held against; undefined where the map says no peak. */
  readonly peakPerSecond: number | undefined;
}

export interface InventoryReplica {
  readonly region: string;
  readonly address: string;
  readonly step: KeyStep | undefined;
  readonly enabled: boolean;
  readonly grants: number;
  readonly policyBytes: number;
}

/** The keys that a StackSet, or a CloudFormation stack beside it, makes in accounts. */
export interface InventoryRollout {
  readonly stack: string;
  /** `aws_cloudformation_stack_set.…` */
  readonly address: string;
  /** `pci.baseline-keys`; the StackSet's name where synthesis noted none. */
  readonly rollout: string;
  readonly organization: string | undefined;
  readonly partition: PartitionName | undefined;
  readonly zone: string | undefined;
  /** That it reaches as of the map, by id; accounts that join the OU later are in none. */
  readonly accountIds: readonly string[];
  /** As instances are made: a key in each of these Regions and accounts. */
  readonly regions: readonly string[];
  /** In all accounts and Regions together. */
  readonly keys: number;
  readonly replicas: number;
  /** How many of both rotate by themselves. */
  readonly rotating: number;
}
