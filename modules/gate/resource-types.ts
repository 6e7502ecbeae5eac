import { keyResourceTypes } from "../access/key-resource-types";
import type { PolicyKind } from "../access/read-policy";

/** Of keys that are no replicas. */
export const keyTypes: ReadonlySet<string> = typesOf("key");

export const replicaTypes: ReadonlySet<string> = typesOf("replica");

export function isKeyOrReplica({ type }: { readonly type: string }): boolean {
  return keyTypes.has(type) || replicaTypes.has(type);
}

export const keyStoreType = "aws_kms_custom_key_store";
export const aliasType = "aws_kms_alias";
export const grantType = "aws_kms_grant";
export const identityPolicyType = "aws_iam_policy";
export const guardrailType = "aws_organizations_policy";

/** Destroying one of these ends what CloudFormation has made, or lets go of it. */
export const rolloutTypes: ReadonlySet<string> = new Set([
  "aws_cloudformation_stack",
  "aws_cloudformation_stack_instances",
  "aws_cloudformation_stack_set",
]);

/** A policy that takes nothing away when it goes, and its attachments: access ends with them. */
const attachmentTypes = [
  "aws_iam_role_policy_attachment",
  "aws_iam_user_policy_attachment",
  "aws_organizations_policy_attachment",
];

/** Everything that synthesis makes. Whatever else a plan does, nobody here knows what it means. */
export const knownTypes: ReadonlySet<string> = new Set([
  ...keyTypes,
  ...replicaTypes,
  ...rolloutTypes,
  ...attachmentTypes,
  keyStoreType,
  aliasType,
  grantType,
  identityPolicyType,
  guardrailType,
]);

/** What synthesis gives `prevent_destroy`. */
export const protectedTypes: ReadonlySet<string> = new Set([
  ...keyTypes,
  ...replicaTypes,
  ...rolloutTypes,
  keyStoreType,
  guardrailType,
]);

/** Where a type has its document. */
export interface DocumentPlace {
  readonly attribute: string;
  /** Of a guardrail, its own type says which of two it is. */
  readonly kind: PolicyKind | "template";
}

/** By type; a template is a document of CloudFormation. */
export const documents: ReadonlyMap<string, DocumentPlace> = new Map<string, DocumentPlace>([
  ...[...keyTypes, ...replicaTypes].map((type): [string, DocumentPlace] => [
    type,
    { attribute: "policy", kind: "key" },
  ]),
  [identityPolicyType, { attribute: "policy", kind: "identity" }],
  [guardrailType, { attribute: "content", kind: "service-control" }],
  ["aws_cloudformation_stack", { attribute: "template_body", kind: "template" }],
  ["aws_cloudformation_stack_set", { attribute: "template_body", kind: "template" }],
]);

function typesOf(kind: "key" | "replica"): ReadonlySet<string> {
  return new Set(Object.keys(keyResourceTypes).filter((type) => keyResourceTypes[type]?.kind === kind));
}
