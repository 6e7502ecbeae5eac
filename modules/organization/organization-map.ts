import type { KeyKind } from "../aws/key-kind";
import type { KeyOperation } from "../aws/key-operations";
import type { GrantOperation } from "../aws/kms-actions";
import type { PartitionName } from "../aws/partition";
import type { CheckId } from "../findings/check-ids";
import type { KeyLifecycle } from "./key-lifecycle";
import type { GrantDemand, KeyScope } from "./schema/data-classes-schema";
import type { AccountStatus } from "./schema/organization-schema";

/** The validated organization map: every reference resolved, every default filled in. Sorted by name throughout. */
export interface OrganizationMap {
  readonly organizations: readonly Organization[];
  readonly accounts: readonly Account[];
  readonly zones: readonly Zone[];
  readonly dataClasses: readonly DataClass[];
  readonly workloads: readonly Workload[];
  readonly exceptions: readonly Exception[];
  readonly lifecycles: readonly KeyLifecycle[];
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
  readonly tags: Readonly<Record<string, string>>;
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

/** A custom key store of a zone: where the material of some of its keys is, in one account and Region. */
export interface KeyStore {
  readonly name: string;
  readonly account: Account;
  readonly region: string;
  readonly backing: KeyStoreBacking;
  /** pending: not connected yet, so that AWS KMS makes no keys in it. */
  readonly status: "active" | "pending";
  /** The external key behind each key of an external key store, by the key's identity. Each belongs to one key. */
  readonly externalKeys: ReadonlyMap<string, string>;
  /** `zones.yaml pci.keyStores.hsm`. */
  readonly source: string;
}

/**
 * existing: made elsewhere, and known by the id that AWS gave it. The others are made with the account's stack; what they have
 * of secrets is in Terraform variables and never here.
 */
export type KeyStoreBacking =
  | { readonly kind: "existing"; readonly id: string }
  | {
      readonly kind: "cloudhsm";
      readonly clusterId: string;
      /** The certificate that signed the cluster's own, as PEM. It is public. */
      readonly trustAnchor: string;
    }
  | {
      readonly kind: "external-proxy";
      readonly connectivity: "PUBLIC_ENDPOINT" | "VPC_ENDPOINT_SERVICE";
      /** `https://xks.example.com` */
      readonly endpoint: string;
      /** `/acme/kms/xks/v1` */
      readonly path: string;
      readonly vpcEndpointService: string | undefined;
    };

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

export type DataClass = { readonly name: string; readonly key: "aws-owned" | "aws-managed" } | CustomerManagedDataClass;

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

export interface Workload {
  readonly name: string;
  readonly owner: string;
  readonly description: string | undefined;
  readonly dataClass: DataClass;
  readonly perService: readonly string[];
  readonly alias: string | undefined;
  /** Patterns of further aliases. */
  readonly aliases: readonly string[];
  /** Aliases without `alias/` that are told to go. */
  readonly dropAliases: readonly string[];
  /** The name that the workload had when its keys were made: they keep their identity. */
  readonly formerly: string | undefined;
  readonly rotationDays: number | undefined;
  readonly deletionWindowDays: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly environments: readonly WorkloadEnvironment[];
}

export interface WorkloadEnvironment {
  readonly name: string;
  /** The name that it had when its keys were made: they keep their identity. */
  readonly formerly: string | undefined;
  readonly account: Account;
  readonly region: string;
  readonly replicas: readonly string[];
  readonly use: readonly Use[];
  readonly services: readonly ServiceUse[];
  readonly grants: readonly GrantRequest[];
  readonly statements: readonly ExtraStatement[];
  /** `workloads/shop.yaml shop.environments.prod`: the place in the map, without a line, which would change with every edit. */
  readonly source: string;
}

/** An IAM principal of a known account. */
export interface Principal {
  readonly kind: "role" | "user" | "account" | "permission-set";
  /** `role/payments-api`, `permission-set/Support`; `root` for the account as a whole. */
  readonly name: string;
  /** Of a permission set, whose role has no name that is known, that of the account. */
  readonly arn: string;
  readonly account: Account;
  /** pending: does not exist yet, or its account does not. suspended: its account is. */
  readonly status: AccountStatus;
}

/** What limits a use of a key, the same in the key policy and in the consumer policy. */
export interface Narrowing {
  /** Words of `via`; empty means directly or through any service. */
  readonly via: readonly string[];
  readonly encryptionContext: Readonly<Record<string, string>>;
  readonly sourceVpce: readonly string[];
  readonly sourceIp: readonly string[];
  readonly organizationPath: OrganizationPath | undefined;
  /** The first instant of the use, `2026-12-01T00:00:00Z`. */
  readonly from: string | undefined;
  /** The first instant without it. */
  readonly until: string | undefined;
}

/** Only principals below an OU. */
export interface OrganizationPath {
  readonly organizationId: string;
  /** `o-…/r-…/ou-…/` */
  readonly idPath: string;
  /** The principals are all accounts below the OU, as `ou:PATH` says, and not some of them. */
  readonly everybody: boolean;
}

/** How a consumer policy names the key: by its alias, or by its ARN, which Terraform looks up. */
export type ConsumedBy = "alias" | "arn";

export interface Use extends Narrowing {
  /** One, or the accounts of an OU. */
  readonly principals: readonly Principal[];
  readonly operations: readonly KeyOperation[];
  /** How the policies of users in other accounts name the key. @default the zone's `consumers` */
  readonly by: ConsumedBy;
  /** Whether these policies are attached to their principals, or only there. @default true */
  readonly attach: boolean;
  readonly service: string | undefined;
  /** `workloads/shop.yaml shop.environments.prod.use.0`. */
  readonly source: string;
}

export interface ServiceUse {
  readonly profile: string;
  readonly sourceAccount: Account;
  readonly sourceArns: readonly string[];
  readonly encryptionContext: Readonly<Record<string, string>>;
  readonly service: string | undefined;
  /** `workloads/shop.yaml shop.environments.prod.services.0`. */
  readonly source: string;
}

export interface GrantRequest {
  readonly grantee: Principal;
  readonly retiring: Principal | undefined;
  readonly operations: readonly GrantOperation[];
  readonly constraint:
    | { readonly kind: "equals" | "subset"; readonly pairs: Readonly<Record<string, string>> }
    | undefined;
  /** A day; the grant is left out from that day on. */
  readonly expires: string | undefined;
  readonly name: string | undefined;
  /** The account whose stack makes the grant: the key's owner, or the grantee's. @default "owner" */
  readonly issuedBy: "owner" | "user";
  /** As in a use. */
  readonly by: ConsumedBy;
  /** As in a use. */
  readonly attach: boolean;
  readonly service: string | undefined;
  /** Undefined means every Region of the key. */
  readonly regions: readonly string[] | undefined;
  /** `workloads/shop.yaml shop.environments.prod.grants.0`. */
  readonly source: string;
}

/** One finding of a check that somebody answers for, until a day. */
export interface Exception {
  readonly name: string;
  readonly check: CheckId;
  /** The finding's `where`, word by word. */
  readonly subject: string;
  readonly owner: string;
  readonly reason: string;
  /** The first day on which it no longer holds. */
  readonly expires: string;
  /** `exceptions.yaml legacy-report-reader`. */
  readonly source: string;
}

export interface ExtraStatement {
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  /** With `services` whom it is about; both are empty where `notPrincipals` says whom it is not about. */
  readonly principals: readonly Principal[];
  /** AWS services that call as themselves, as in `sns.amazonaws.com`. */
  readonly services: readonly string[];
  /** Of a Deny. They need not exist: a condition names them. */
  readonly notPrincipals: readonly Principal[];
  /** Empty where `notActions` says what it is not about. */
  readonly actions: readonly string[];
  /** Of a Deny. */
  readonly notActions: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly service: string | undefined;
  /** `workloads/shop.yaml shop.environments.prod.statements.0`. */
  readonly source: string;
}
