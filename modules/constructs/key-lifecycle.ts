import type { TerraformResourceLifecycle } from "cdktf";

/** No plan destroys a key, and with it its data. */
export const keyLifecycle: TerraformResourceLifecycle = { preventDestroy: true };

/**
 * Material is imported past Terraform, and with it the day on which it expires. The provider reads that day back, and for
 * the difference would call ImportKeyMaterial with no material.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/kms/external_key.go
 */
export const keyLifecycleOfImported: TerraformResourceLifecycle = { preventDestroy: true, ignoreChanges: ["valid_to"] };
