import type { KeyStep, StepDays } from "../aws/key-step";
import type { PartitionName } from "../aws/partition";
import type { CloudFormationTemplate } from "./cloudformation-template";
import type { Grant } from "./grant-match";
import type { Place, Policy, Unreadable } from "./policy-statement";

/** One synthesized stack, as far as it says who can do what with which key. */
export interface SynthesizedStack {
  readonly name: string;
  /** Undefined when the stack's places disagree, which `unreadable` then says. */
  readonly accountId: string | undefined;
  readonly partition: PartitionName | undefined;
  /** `//.orgkeys`: what synthesis noted about the stack. */
  readonly metadata: StackMetadata;
  readonly providers: readonly StackProvider[];
  readonly backend: StackBackend | undefined;
  /** Keys and replicas. */
  readonly keys: readonly StackKey[];
  readonly keyStores: readonly StackKeyStore[];
  readonly aliases: readonly StackAlias[];
  /** What Terraform takes over. */
  readonly imports: readonly StackImport[];
  /** What Terraform lets go of and leaves as it is. */
  readonly removals: readonly StackRemoval[];
  readonly identityPolicies: readonly StackIdentityPolicy[];
  /** Grants on keys of other accounts. */
  readonly userGrants: readonly StackUserGrant[];
  readonly guardrails: readonly StackGuardrail[];
  readonly stackSets: readonly StackStackSet[];
  readonly directStacks: readonly StackDirectStack[];
  /** Keys that it looks up, as `keyBehindAlias` writes them. */
  readonly lookups: readonly string[];
  /** How many resources Terraform manages in it. */
  readonly resources: number;
  /** Everything that could not be understood exactly; nothing is left out without an entry here. */
  readonly unreadable: readonly Unreadable[];
}

export interface StackMetadata {
  /**
   * account: the keys and policies of one. guardrails: of one zone, in the management account. rollouts: the StackSets of one zone.
   * direct-rollouts: what those do not bring to one account. @default "account"
   */
  readonly kind: string;
  readonly account: string | undefined;
  readonly accountId: string | undefined;
  readonly organization: string | undefined;
  readonly ou: string | undefined;
  /** The account's zone, or the one that the stack guards or rolls out to. */
  readonly zone: string | undefined;
  /** By resource id, primaries alone: `payments_prod_us-east-1`. */
  readonly keys: ReadonlyMap<string, KeyMetadata>;
  /** Places of the map behind custom key stores, by resource id. */
  readonly keyStores: ReadonlyMap<string, readonly string[]>;
  /** Places of the map behind consumer policies, by resource id. */
  readonly consumerPolicies: ReadonlyMap<string, readonly string[]>;
  /** By resource id. */
  readonly userGrants: ReadonlyMap<string, UserGrantMetadata>;
  /** By resource id. */
  readonly stackSets: ReadonlyMap<string, RolloutMetadata>;
  /** By resource id. */
  readonly directStacks: ReadonlyMap<string, RolloutMetadata>;
}

/** Of a StackSet, or of a CloudFormation stack beside them. */
export interface RolloutMetadata {
  /** `pci.access-roles` */
  readonly rollout: string | undefined;
  /** `access-roles` */
  readonly template: string | undefined;
  readonly wave: string | undefined;
  readonly sources: readonly string[];
  /** Names by id: of the accounts that a StackSet goes to as of the map. */
  readonly reaches: ReadonlyMap<string, string>;
}

export interface UserGrantMetadata {
  /** The day from which it is left out; undefined for one that never ends. */
  readonly expires: string | undefined;
  readonly sources: readonly string[];
}

export interface KeyMetadata {
  /** The first of `aliases`. */
  readonly alias: string | undefined;
  /** Every name that it is meant to have, in each of its Regions. */
  readonly aliases: readonly string[];
  readonly dataClass: string | undefined;
  /** Places of the map: `workloads/payments.yaml payments.environments.prod`. */
  readonly sources: readonly string[];
  /** The day from which a grant is left out, by the grant's resource id; undefined for a grant that never ends. */
  readonly grants: ReadonlyMap<string, string | undefined>;
  /** Undefined for a word that is no step. @default "in-use" */
  readonly step: KeyStep | undefined;
  /** Of replicas that are not in use, by Region. */
  readonly replicaSteps: ReadonlyMap<string, KeyStep | undefined>;
  /** When each step was taken that was; undefined for what is no step or no day. */
  readonly days: StepDays | undefined;
  /** The same of replicas by themselves, by Region. */
  readonly replicaDays: ReadonlyMap<string, StepDays | undefined>;
  /** The day on which another key took over its aliases. */
  readonly replaced: string | undefined;
  /** Names that the map says may go, with `alias/`. */
  readonly droppedAliases: readonly string[];
  /** How many rotations on demand the map records. */
  readonly rotationsOnDemand: number;
  /** As the map estimates them, by the id of the account that makes them. */
  readonly requests: ReadonlyMap<string, RequestsMetadata>;
}

export interface RequestsMetadata {
  readonly perMonth: number;
  /** Undefined where the map says no peak. */
  readonly peakPerSecond: number | undefined;
}

export interface StackProvider extends Place {
  /** How resources name it: `aws.us-east-1`. */
  readonly reference: string;
  readonly region: string;
  readonly assumedRoleArn: string | undefined;
  /** Tags of the session with that role. */
  readonly sessionTags: Readonly<Record<string, string>>;
}

export type StackBackend =
  | ({ readonly kind: "local"; readonly file: string } & Place)
  | ({
      readonly kind: "s3";
      readonly bucket: string;
      readonly key: string;
      readonly region: string | undefined;
      readonly assumedRoleArn: string | undefined;
    } & Place);

/** A key, or a replica of one: each has a policy and grants of its own. */
export interface StackKey extends Place {
  readonly kind: "key" | "replica";
  /** Whether somebody imports its material: a type of resource of its own. */
  readonly imported: boolean;
  /** The resource's address: `aws_kms_key.payments_prod_us-east-1`. */
  readonly address: string;
  readonly region: string;
  readonly multiRegion: boolean;
  /** The address of the replica's primary in the same stack. */
  readonly primary: string | undefined;
  /** Address of the custom key store of the same stack that has the material; one with an id stands in `arguments`. */
  readonly keyStore: string | undefined;
  /** Undefined when it is missing or cannot be read: nothing is then known of who may use the key. */
  readonly policy: Policy | undefined;
  readonly grants: readonly Grant[];
  /** All other arguments, with Terraform's escapes undone: rotation, deletion window, tags, enabled and so on. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A custom key store, in front of a CloudHSM cluster or of a key manager outside of AWS. */
export interface StackKeyStore extends Place {
  /** `aws_kms_custom_key_store.hsm_us-east-1` */
  readonly address: string;
  readonly region: string;
  /** All arguments but its secrets, with Terraform's escapes undone. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A grant on a key that the stack looks up by its alias. */
export interface StackUserGrant extends Grant {
  /** As `keyBehindAlias` writes it. */
  readonly keyArn: string;
}

export interface StackAlias extends Place {
  /** `aws_kms_alias.payments_prod_us-east-1` */
  readonly address: string;
  readonly name: string;
  readonly region: string;
  /** Address of the key or replica. */
  readonly target: string;
}

/** An `import` block. */
export interface StackImport extends Place {
  /** `aws_kms_key.payments_prod_us-east-1`, a resource of the stack. */
  readonly address: string;
  /** As the provider takes it: a key's id, an alias's name, or `KEY-ID:GRANT-ID`. */
  readonly id: string;
}

/** A `removed` block, which destroys nothing: any other is unreadable. */
export interface StackRemoval extends Place {
  /** `aws_kms_key.payments_prod_us-east-1`, no resource of the stack. */
  readonly address: string;
}

/** A consumer policy, and whom it is attached to. */
export interface StackIdentityPolicy extends Place {
  readonly address: string;
  readonly name: string;
  readonly policy: Policy | undefined;
  /** `role/payments-api`; none for a policy that is only offered. */
  readonly attachedTo: readonly string[];
  /** What attaches it to each of these. */
  readonly attachments: readonly IdentityPolicyAttachment[];
}

export interface IdentityPolicyAttachment {
  /** `aws_iam_role_policy_attachment.payments-api` */
  readonly address: string;
  /** `role/payments-api` */
  readonly target: string;
}

export interface StackGuardrail extends Place {
  readonly address: string;
  readonly name: string;
  readonly kind: "resource-control" | "service-control";
  readonly policy: Policy | undefined;
  /** Ids of roots, OUs and accounts. */
  readonly targets: readonly string[];
  /** What attaches it to each of these. */
  readonly attachments: readonly GuardrailAttachment[];
}

export interface GuardrailAttachment extends Place {
  /** `aws_organizations_policy_attachment.pci` */
  readonly address: string;
  /** Id of a root, an OU or an account. */
  readonly target: string;
}

/** A CloudFormation StackSet, and where its instances go. */
export interface StackStackSet extends Place {
  readonly address: string;
  readonly name: string;
  /** As written. @default "SELF_MANAGED" */
  readonly permissionModel: string;
  /** Undefined without such a block. */
  readonly autoDeployment: { readonly enabled: boolean; readonly retains: boolean } | undefined;
  readonly preventsDestroy: boolean;
  /** Which CloudFormation gives to everything that its stacks make, too. */
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined when it is missing or cannot be read, which `unreadable` then says. */
  readonly template: CloudFormationTemplate | undefined;
  /** OU ids, each with everything below. */
  readonly ous: readonly string[];
  readonly accountIds: readonly string[];
  readonly regions: readonly string[];
  /** The resources that say where it goes: more than one fight over the same instances. */
  readonly instances: readonly StackInstances[];
}

/** An `aws_cloudformation_stack_instances`. */
export interface StackInstances extends Place {
  readonly address: string;
  /** As written: a text, or nobody knows what. Undefined for none. */
  readonly filter: unknown;
  /** Whether it names accounts beside its targets, which only StackSets that manage themselves have. */
  readonly byAccounts: boolean;
  /** Whether what it made stays when it goes. */
  readonly retains: boolean;
  readonly preventsDestroy: boolean;
}

/** A CloudFormation stack of Terraform's own, in the account of its Terraform stack. */
export interface StackDirectStack extends Place {
  readonly address: string;
  readonly name: string;
  readonly region: string;
  readonly preventsDestroy: boolean;
  /** Which CloudFormation gives to everything that the stack makes, too. */
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined when it is missing or cannot be read, which `unreadable` then says. */
  readonly template: CloudFormationTemplate | undefined;
}
