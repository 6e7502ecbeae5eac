import type { Place, Policy, Unreadable } from "./policy-statement";
import type { Fields } from "./stack-reading";

/** What a template makes in one account and Region. */
export interface TemplateInstance {
  readonly accountId: string;
  readonly region: string;
  readonly keys: readonly TemplateKey[];
  readonly aliases: readonly TemplateResource[];
  readonly roles: readonly TemplateRole[];
  readonly managedPolicies: readonly TemplateManagedPolicy[];
  readonly busPolicies: readonly TemplateBusPolicy[];
  readonly rules: readonly TemplateResource[];
  readonly secrets: readonly TemplateResource[];
  /** Of types of which nobody knows here what access they give. */
  readonly unknown: readonly UnknownResource[];
  /** Everything that could not be understood exactly. */
  readonly unreadable: readonly Unreadable[];
}

/** A resource whose properties are worked out; what only AWS knows is a `KnownToAws` or `unknownText`. */
export interface TemplateResource extends Place {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Fields;
  /** As written, or as CloudFormation takes it. @default "Delete" */
  readonly deletionPolicy: unknown;
  /** @default "Delete" */
  readonly updateReplacePolicy: unknown;
}

/** A key or a replica. */
export interface TemplateKey extends TemplateResource {
  readonly kind: "key" | "replica";
  /** Undefined when it is missing, which `unreadable` then says. */
  readonly policy: Policy | undefined;
  /** Of a replica: as written, where it is a text. */
  readonly primary: string | undefined;
}

export interface TemplateRole extends TemplateResource {
  /** Undefined for one that CloudFormation names. */
  readonly name: string | undefined;
  readonly trust: Policy | undefined;
  /** Its own policies. */
  readonly policies: readonly Policy[];
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  /** ARN of its permissions boundary. */
  readonly boundary: string | undefined;
}

export interface TemplateManagedPolicy extends TemplateResource {
  readonly arn: string | undefined;
  readonly policy: Policy | undefined;
  /** Names of roles that it is attached to from here. */
  readonly roles: readonly string[];
}

export interface TemplateBusPolicy extends TemplateResource {
  readonly policy: Policy | undefined;
}

export interface UnknownResource extends Place {
  readonly logicalId: string;
  readonly type: string;
}
