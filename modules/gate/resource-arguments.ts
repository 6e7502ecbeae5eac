import { keyResourceTypes } from "../access/key-resource-types";
import { keyTypes } from "./resource-types";

/** What somebody writes of a resource: all else in a plan the provider has filled in. */
const byType: Readonly<Record<string, readonly string[]>> = {
  aws_cloudformation_stack: ["capabilities", "name", "parameters", "tags", "template_body", "template_url"],
  aws_cloudformation_stack_instances: [
    "accounts",
    "call_as",
    "deployment_targets",
    "operation_preferences",
    "parameter_overrides",
    "regions",
    "retain_stacks",
    "stack_set_name",
  ],
  aws_cloudformation_stack_set: [
    "administration_role_arn",
    "auto_deployment",
    "call_as",
    "capabilities",
    "description",
    "execution_role_name",
    "managed_execution",
    "name",
    "operation_preferences",
    "parameters",
    "permission_model",
    "tags",
    "template_body",
    "template_url",
  ],
  aws_iam_policy: ["description", "name", "path", "policy", "tags"],
  aws_iam_role_policy_attachment: ["policy_arn", "role"],
  aws_iam_user_policy_attachment: ["policy_arn", "user"],
  aws_kms_alias: ["name", "target_key_id"],
  aws_kms_custom_key_store: [
    "cloud_hsm_cluster_id",
    "custom_key_store_name",
    "custom_key_store_type",
    "key_store_password",
    "trust_anchor_certificate",
    "xks_proxy_authentication_credential",
    "xks_proxy_connectivity",
    "xks_proxy_uri_endpoint",
    "xks_proxy_uri_path",
    "xks_proxy_vpc_endpoint_service_name",
  ],
  aws_kms_grant: [
    "constraints",
    "grantee_principal",
    "key_id",
    "name",
    "operations",
    "retire_on_delete",
    "retiring_principal",
  ],
  aws_organizations_policy: ["content", "description", "name", "tags", "type"],
  aws_organizations_policy_attachment: ["policy_id", "target_id"],
};

const notInAws: ReadonlySet<string> = new Set(["lifecycle", "provider"]);

/** @returns undefined for a type that synthesis does not make */
export function argumentsOf(type: string): readonly string[] | undefined {
  const key = keyResourceTypes[type];
  return key === undefined ? byType[type] : [...key.arguments].filter((name) => !notInAws.has(name));
}

/** What an argument refers to another resource by. */
export interface ReferencedAttribute {
  readonly types: ReadonlySet<string>;
  /** Of the other resource. */
  readonly attribute: string;
}

const keys: ReadonlySet<string> = new Set(Object.keys(keyResourceTypes));

const references: Readonly<Record<string, Readonly<Record<string, ReferencedAttribute>>>> = {
  aws_cloudformation_stack_instances: {
    stack_set_name: { types: new Set(["aws_cloudformation_stack_set"]), attribute: "name" },
  },
  aws_iam_role_policy_attachment: { policy_arn: { types: new Set(["aws_iam_policy"]), attribute: "arn" } },
  aws_iam_user_policy_attachment: { policy_arn: { types: new Set(["aws_iam_policy"]), attribute: "arn" } },
  aws_kms_alias: { target_key_id: { types: keys, attribute: "key_id" } },
  aws_kms_grant: { key_id: { types: keys, attribute: "key_id" } },
  aws_kms_key: { custom_key_store_id: { types: new Set(["aws_kms_custom_key_store"]), attribute: "id" } },
  aws_kms_replica_external_key: { primary_key_arn: { types: keyTypes, attribute: "arn" } },
  aws_kms_replica_key: { primary_key_arn: { types: keyTypes, attribute: "arn" } },
  aws_organizations_policy_attachment: {
    policy_id: { types: new Set(["aws_organizations_policy"]), attribute: "id" },
  },
};

/** @returns undefined for an argument that refers to nothing */
export function referenceOf(type: string, argument: string): ReferencedAttribute | undefined {
  return references[type]?.[argument];
}
