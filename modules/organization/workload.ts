import type { KeyOperation } from "../aws/key-operations";
import type { GrantOperation } from "../aws/kms-actions";
import type { Account, DataClass } from "./organization-map";
import type { AccountStatus } from "./schema/organization-schema";

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
  readonly requests: readonly RequestEstimate[];
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

/** Cryptographic requests that the environment's account makes, as people estimate them. */
export interface RequestEstimate {
  readonly perMonth: number;
  /** Undefined where nobody has said it. */
  readonly peakPerSecond: number | undefined;
  readonly service: string | undefined;
}
