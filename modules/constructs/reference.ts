import type { TerraformResource } from "cdktf";

/**
 * `${aws_kms_key.payments_prod_us-east-1.arn}`, as text. The resource's own getters (`key.arn`) give tokens: each captures
 * a stack trace, and CDKTF keeps every token, and with it the whole stack it is from, until the process ends.
 *
 * The resource must have its final logical id.
 */
export function referenceTo(resource: TerraformResource, attribute: string): string {
  return `\${${resource.terraformResourceType}.${resource.friendlyUniqueId}.${attribute}}`;
}
