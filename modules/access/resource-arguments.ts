import { keyResourceTypes } from "./key-resource-types";

/** What a stack may say of a resource to AWS, by type; of keys and replicas, see `keyResourceTypes`. Source: the provider's documentation of 5.100.0. */
const written = {
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
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Terraform's own, of any resource. */
const ofTerraform = ["lifecycle", "provider"];

/** What may stand in a resource of a stack: a reader notes whatever else does. */
export function knownArguments(type: keyof typeof written): ReadonlySet<string> {
  const timeouts = type.startsWith("aws_cloudformation_") ? ["timeouts"] : [];
  return new Set([...written[type], ...ofTerraform, ...timeouts]);
}

const table: Readonly<Record<string, readonly string[]>> = written;

/**
 * What somebody writes of a resource and AWS has: all else in a plan the provider has filled in.
 *
 * @returns undefined for a type that synthesis does not make
 */
export function writtenArguments(type: string): readonly string[] | undefined {
  const key = keyResourceTypes[type];
  return key === undefined ? table[type] : [...key.arguments].filter((name) => !ofTerraform.includes(name));
}
