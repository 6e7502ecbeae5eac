import type { KeyKind } from "../aws/key-kind";
import type { PartitionName } from "../aws/partition";
import type { CheckId } from "../findings/check-ids";
import type { GateId } from "../findings/gate-ids";
import type { IgnoreRule } from "../findings/ignore-rule";
import type { KeyLifecycle } from "./key-lifecycle";
import type { KeyStore } from "./key-store";
import type { Rollout } from "./rollout";
import type { GrantDemand, KeyScope } from "./schema/data-classes-schema";
import type { AccountStatus } from "./schema/organization-schema";
import type { ConsumedBy, Principal, Workload } from "./workload";

/** The validated organization map: every reference resolved, every default filled in. Sorted by name throughout. */
export interface OrganizationMap {
  readonly organizations: readonly Organization[];
  readonly accounts: readonly Account[];
  readonly zones: readonly Zone[];
  readonly dataClasses: readonly DataClass[];
  readonly workloads: readonly Workload[];
  readonly exceptions: readonly Exception[];
  readonly lifecycles: readonly KeyLifecycle[];
  readonly driftIgnores: readonly IgnoreRule[];
  /** Sorted by name. */
  readonly rollouts: readonly Rollout[];
}

export interface Organization {
  readonly name: string;
  readonly id: string;
  readonly rootId: string;
  readonly partition: PartitionName;
  readonly homeRegion: string;
  readonly regions: readonly string[];
  readonly managementAccount: string;
  readonly delegatedAdministrator: string | undefined;
  /** Role names, the same in every account. */
  readonly roles: { readonly deploy: string; readonly audit: string };
  readonly externalId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly organizationalUnits: readonly OrganizationalUnit[];
}

export interface OrganizationalUnit {
  /** `Workloads/Prod`. */
  readonly path: string;
  readonly id: string;
  /** `o-…/r-…/ou-…/ou-…/`, the form of `aws:PrincipalOrgPaths`. */
  readonly idPath: string;
}

export interface Account {
  readonly name: string;
  readonly id: string;
  readonly status: AccountStatus;
  readonly organization: Organization;
  /** `Workloads/Prod`; empty for an account directly below the root. */
  readonly ouPath: string;
  /** Of the nearest OU that has one. */
  readonly environment: string | undefined;
  /** Regions enabled in the account. */
  readonly regions: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** The name of the one zone that owns this account. */
  readonly zone: string;
}

export interface Zone {
  readonly name: string;
  readonly organization: Organization;
  readonly owner: string;
  /** Names, sorted. */
  readonly accounts: readonly string[];
  readonly extent: ZoneExtent;
  readonly keyManagementAccount: Account | undefined;
  readonly topology: "centralized" | "decentralized" | "hybrid";
  /** hybrid: a key is central when it meets every condition of one of these. */
  readonly centralize: readonly CentralizeRule[];
  /** `role/NAME` in each account that owns keys. */
  readonly administrators: readonly string[];
  /** `role/NAME` in each account that owns keys. */
  readonly breakGlass: string;
  /** How consumer policies name the zone's keys. @default "alias" */
  readonly consumers: ConsumedBy;
  readonly regions: readonly string[];
  readonly frameworks: readonly string[];
  readonly floor: {
    readonly rotationDays: number | undefined;
    readonly deletionWindowDays: number | undefined;
    /** How long a key is disabled before its deletion can be scheduled. */
    readonly decommissionDays: number | undefined;
    readonly customerManaged: boolean;
  };
  readonly state: StateLocation;
  readonly guardrails: ZoneGuardrails;
  /** Sorted by name. */
  readonly keyStores: readonly KeyStore[];
  /** Whether a key policy that is too large otherwise may name everybody below an OU of the zone by its path. */
  readonly organizationPaths: boolean;
  /** Who runs Terraform and drift detection for the zone; undefined where the map does not say. */
  readonly pipelines: ZonePipelines | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Who may assume the zone's deploy and audit roles. */
export interface ZonePipelines {
  /** Roles of the zone's accounts. */
  readonly deploy: readonly Principal[];
  /** Roles of the zone's accounts. */
  readonly audit: readonly Principal[];
  /** Session tags that both have to bring. */
  readonly sessionTags: Readonly<Record<string, string>>;
}

/** What the zone's resource and service control policies hold; every part is on unless the map switches it off. */
export interface ZoneGuardrails {
  readonly resourceControl: { readonly principals: boolean; readonly services: boolean };
  readonly serviceControl: {
    readonly ownKeys: boolean;
    readonly destruction: boolean;
    readonly policies: boolean;
    readonly regions: boolean;
  };
}

/** All that a zone covers: also the accounts that will be created in its OUs. */
export interface ZoneExtent {
  /** OUs with everything below; of nested ones the topmost alone. */
  readonly wholeOus: readonly OrganizationalUnit[];
  /** OUs with the accounts directly in them, because some OU below is another zone's. */
  readonly ownOus: readonly OrganizationalUnit[];
  /** Accounts in none of these OUs. */
  readonly accounts: readonly Account[];
}

export interface CentralizeRule {
  readonly environments: readonly string[] | undefined;
  readonly dataClasses: readonly string[] | undefined;
}

export type StateLocation =
  | { readonly kind: "local" }
  | {
      readonly kind: "s3";
      readonly bucket: string;
      readonly region: string;
      readonly kmsKeyId: string | undefined;
      readonly role: string | undefined;
    };

export type DataClass =
  | { readonly name: string; readonly key: "aws-owned" | "aws-managed" }
  | BaselineDataClass
  | CustomerManagedDataClass;

/** A customer managed key that every account of a zone has by itself, because a rollout brings it. */
export interface BaselineDataClass {
  readonly name: string;
  readonly key: "baseline";
  /** A pattern with `{dataClass}` and `{zone}` alone. @default "default-{dataClass}" */
  readonly alias: string;
  /** @default 365 */
  readonly rotationDays: number;
  /** @default 30 */
  readonly deletionWindowDays: number;
  /** @default true */
  readonly multiRegion: boolean;
}

export interface CustomerManagedDataClass {
  readonly name: string;
  readonly key: "customer-managed";
  readonly per: KeyScope;
  readonly alias: string | undefined;
  /** Patterns of further aliases. */
  readonly aliases: readonly string[];
  /** Of its shared keys: aliases without `alias/` that are told to go. */
  readonly dropAliases: readonly string[];
  /** The name that the class had when its shared keys were made: they keep their identity. */
  readonly formerly: string | undefined;
  /** @default a symmetric encryption key with material from AWS KMS */
  readonly kind: KeyKind;
  /** One of the zone's key stores by its name, for keys with material in CloudHSM or outside of AWS. */
  readonly keyStore: string | undefined;
  /** Undefined for keys that do not rotate by themselves. @default 365, AWS's own default */
  readonly rotationDays: number | undefined;
  /** @default 30, the longest AWS allows */
  readonly deletionWindowDays: number;
  /** @default "full", as AWS does */
  readonly rootAccess: "full" | "administration-only";
  /** @default true: a single-Region key can never get replicas */
  readonly multiRegion: boolean;
  /** What every grant has to have. @default "optional", each */
  readonly grants: { readonly encryptionContext: GrantDemand; readonly expires: GrantDemand };
}

/** One finding of a check, or of the gate, that somebody answers for, until a day. */
export interface Exception {
  readonly name: string;
  readonly check: CheckId | GateId;
  /** The finding's `where`, word by word. */
  readonly subject: string;
  readonly owner: string;
  readonly reason: string;
  /** The first day on which it no longer holds. */
  readonly expires: string;
  /** `exceptions.yaml legacy-report-reader`. */
  readonly source: string;
}
