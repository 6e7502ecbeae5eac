import type { KeyKind } from "../aws/key-kind";
import type { KeyStep, StepDays } from "../aws/key-step";
import type { GrantOperation } from "../aws/kms-actions";
import type { PartitionName } from "../aws/partition";
import type { Finding } from "../findings/finding";
import type { ImportedMaterial, RecordedRotation } from "../organization/key-lifecycle";
import type { KeyScope } from "../organization/schema/data-classes-schema";
import type { PolicyDocument } from "../policies/policy-document";
import type { Principle } from "./principles";

/**
 * Everything that is to exist, as plain data: what constructs turn into Terraform without deciding anything. Only a policy is
 * made when it is read, the same every time, because all of them at once are most of a large plan's memory; each has passed
 * the guard when the plan is made.
 */
export interface KeyPlan {
  readonly schema: "orgkeys/key-plan/v1";
  readonly keys: readonly PlannedKey[];
  readonly keyStores: readonly PlannedKeyStore[];
  readonly consumerPolicies: readonly PlannedConsumerPolicy[];
  /** Grants on keys of other accounts. */
  readonly userGrants: readonly PlannedUserGrant[];
  /** Workloads that AWS's own keys protect. */
  readonly awsKeys: readonly PlannedAwsKey[];
  readonly findings: readonly Finding[];
}

export interface Reason {
  readonly reason: string;
  readonly principle: Principle;
}

/** planned: goes into its account's stack. held: waits, because the account is pending or suspended. */
export type PlanStatus = "planned" | "held";

export type { KeyStep };

export interface PlannedKey {
  /**
   * The key's identity, and with a Region its Terraform address: `payments_prod`, `payments_prod_s3`. Made of names
   * that do not change; never of alias, description or OU, because a rename must not replace a key.
   */
  readonly id: string;
  readonly organization: string;
  readonly partition: PartitionName;
  readonly zone: string;
  /** The owner's name. */
  readonly account: string;
  readonly accountId: string;
  readonly status: PlanStatus;
  readonly scope: KeyScope;
  readonly dataClass: string;
  /** More than one only where the data class shares a key per environment. */
  readonly workloads: readonly string[];
  /** More than one only where the data class gives a key per workload. */
  readonly environments: readonly string[];
  readonly service: string | undefined;
  /** The team that answers for it. */
  readonly owner: string;
  readonly region: string;
  /** Cannot be changed without replacing the key. */
  readonly multiRegion: boolean;
  readonly kind: KeyKind;
  /**
   * The id of the custom key store that has the material, as Terraform text: `cks-…`, or a reference to a store of the same
   * stack, `${aws_kms_custom_key_store.<id>.id}`. Undefined for AWS KMS's own.
   */
  readonly keyStoreId: string | undefined;
  /** The id of the key in the external key manager, for a key of an external key store. */
  readonly externalKeyId: string | undefined;
  readonly step: KeyStep;
  /** Of the steps that the map records. */
  readonly days: StepDays;
  /** The key's id in AWS, of one that is taken over instead of made. */
  readonly adoptedId: string | undefined;
  /** The day on which another key took over its aliases and all new data. */
  readonly replaced: string | undefined;
  /** With `alias/`; the same in every Region of the key. The first of `aliases`. */
  readonly alias: string;
  readonly aliases: readonly PlannedAlias[];
  /** With `alias/`: what the map says may go. */
  readonly droppedAliases: readonly string[];
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined for a key that does not rotate by itself. */
  readonly rotationDays: number | undefined;
  readonly deletionWindowDays: number;
  /** Rotations on demand that the map records, by day. */
  readonly rotatedOnDemand: readonly RecordedRotation[];
  /** On record of a key with imported material, in its own Region. */
  readonly material: ImportedMaterial | undefined;
  readonly policy: PolicyDocument;
  readonly replicas: readonly PlannedReplica[];
  readonly grants: readonly PlannedGrant[];
  /** As the map estimates them, in the order of account ids: for reports alone. */
  readonly requests: readonly PlannedRequests[];
  readonly why: readonly Reason[];
  /** Places in the map, `workloads/payments.yaml payments.environments.prod`. */
  readonly sources: readonly string[];
}

/** What one account asks of a key. */
export interface PlannedRequests {
  readonly accountId: string;
  readonly perMonth: number;
  /** Undefined where the map does not say all of it. */
  readonly peakPerSecond: number | undefined;
}

/** A custom key store to be made. One that exists already is known by its id, and is in no plan. */
export interface PlannedKeyStore {
  /** Its Terraform address: the map's name and the Region, `hsm_us-east-1`. */
  readonly id: string;
  /** AWS's name for it, which is the map's. */
  readonly name: string;
  readonly organization: string;
  readonly partition: PartitionName;
  readonly zone: string;
  readonly account: string;
  readonly accountId: string;
  readonly status: PlanStatus;
  readonly region: string;
  readonly backing: PlannedKeyStoreBacking;
  readonly why: readonly Reason[];
  readonly sources: readonly string[];
}

/** Secrets are named here, by the Terraform variables that bring them, and never known. */
export type PlannedKeyStoreBacking =
  | {
      readonly kind: "cloudhsm";
      readonly clusterId: string;
      /** PEM. */
      readonly trustAnchor: string;
      /** Of the crypto user kmsuser: `key_store_hsm_kmsuser_password`. */
      readonly passwordVariable: string;
    }
  | {
      readonly kind: "external-proxy";
      readonly connectivity: "PUBLIC_ENDPOINT" | "VPC_ENDPOINT_SERVICE";
      readonly endpoint: string;
      readonly path: string;
      readonly vpcEndpointService: string | undefined;
      /** Of the proxy's authentication credential: `key_store_hsm_proxy_access_key_id`. */
      readonly accessKeyIdVariable: string;
      /** `key_store_hsm_proxy_secret_access_key`. */
      readonly secretAccessKeyVariable: string;
    };

/** Shares id, material and rotation with its primary; policy, alias, tags and grants are its own. */
export interface PlannedReplica {
  readonly region: string;
  /** Never earlier in its life than its primary. */
  readonly step: KeyStep;
  /** Of the steps that the map records of the replica by itself. */
  readonly days: StepDays;
  /** Whether it exists already, and is taken over. */
  readonly adopted: boolean;
  /** On record of imported material, which each Region gets by itself. */
  readonly material: ImportedMaterial | undefined;
  readonly policy: PolicyDocument;
  readonly why: readonly Reason[];
}

/** A name of a key, in each of its Regions. */
export interface PlannedAlias {
  /** With `alias/`. */
  readonly name: string;
  /** With a Region its Terraform address. Made of its name, because in AWS an alias is its name: another is another alias. */
  readonly id: string;
  /** Whether it exists already, and is taken over. */
  readonly adopted: boolean;
}

export interface PlannedGrant {
  /** Unique for its key and Region, and stable. */
  readonly id: string;
  /** AWS's name for it, which keeps a retry from making a second grant. */
  readonly name: string;
  readonly region: string;
  readonly grantee: string;
  readonly retiring: string | undefined;
  readonly operations: readonly GrantOperation[];
  readonly constraint:
    | { readonly kind: "equals" | "subset"; readonly pairs: Readonly<Record<string, string>> }
    | undefined;
  readonly expires: string | undefined;
  /** The grant's id in AWS, of one that is taken over instead of made. */
  readonly adoptedId: string | undefined;
  readonly why: readonly Reason[];
}

/** A grant that the account of its grantee makes, on a key of another account: its deploy role ends it by retiring it. */
export interface PlannedUserGrant extends PlannedGrant {
  readonly organization: string;
  readonly partition: PartitionName;
  readonly zone: string;
  readonly account: string;
  readonly accountId: string;
  readonly status: PlanStatus;
  readonly retiring: string;
  /** The granted key by its alias, as `keyBehindAlias` writes it. */
  readonly keyArn: string;
  readonly key: { readonly account: string; readonly alias: string; readonly dataClass: string };
  readonly sources: readonly string[];
}

/** The IAM policy in a using account that lets one of its principals reach keys of another account. */
export interface PlannedConsumerPolicy {
  readonly id: string;
  readonly organization: string;
  readonly partition: PartitionName;
  readonly zone: string;
  readonly account: string;
  readonly accountId: string;
  readonly status: PlanStatus;
  /** The policy's name in IAM. */
  readonly name: string;
  /** `role/…`, `user/…` or `permission-set/…`; `root` for whomever the account attaches it to. */
  readonly principal: string;
  /** `role/…` or `user/…`; undefined for a policy that is only offered. */
  readonly attachTo: string | undefined;
  /** Resource may name a key as `keyBehindAlias` writes it. */
  readonly policy: PolicyDocument;
  /** The keys it reaches. */
  readonly keys: readonly { readonly account: string; readonly alias: string; readonly regions: readonly string[] }[];
  readonly tags: Readonly<Record<string, string>>;
  readonly why: readonly Reason[];
  readonly sources: readonly string[];
}

/** A key that a workload uses and has not made: AWS's own, or the one that its account has by itself. */
export interface PlannedAwsKey {
  readonly zone: string;
  readonly account: string;
  readonly workload: string;
  readonly environment: string;
  readonly dataClass: string;
  readonly key: "aws-owned" | "aws-managed" | "baseline";
  readonly region: string;
  /** `alias/aws/s3` for each service the workload names; AWS owned keys have none. */
  readonly aliases: readonly string[];
  /** Of a key that each account has by itself. */
  readonly baseline: BaselineUse | undefined;
  readonly why: readonly Reason[];
  readonly sources: readonly string[];
}

export interface BaselineUse {
  /** `pci.baseline-keys`; undefined where none brings the key, which is refused. */
  readonly rollout: string | undefined;
  /** Where the account has it: of the primary first, then of its replicas. */
  readonly regions: readonly string[];
  /** ARNs of those who use it, as far as the IAM of the account lets them. */
  readonly users: readonly string[];
}
