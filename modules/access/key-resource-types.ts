/** What is read of one type of resource that is a key. */
export interface KeyResourceType {
  readonly kind: "key" | "replica";
  /** Whether somebody imports the material, past Terraform. */
  readonly imported: boolean;
  /** The type of a replica's primary. */
  readonly primary: string | undefined;
  readonly arguments: ReadonlySet<string>;
  /** What its `ignore_changes` may name, beside what is harmless everywhere. */
  readonly mayIgnore: ReadonlySet<string>;
}

const shared = [
  "bypass_policy_lockout_safety_check",
  "deletion_window_in_days",
  "description",
  "lifecycle",
  "policy",
  "provider",
  "tags",
];

/**
 * Imported material and its expiry are no arguments of ours: material must never be in a file or a state, and the expiry
 * comes with it. Nothing else of a key may be left as somebody has it in AWS.
 *
 * Source: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs
 */
export const keyResourceTypes: Readonly<Record<string, KeyResourceType>> = {
  aws_kms_key: {
    kind: "key",
    imported: false,
    primary: undefined,
    arguments: new Set([
      ...shared,
      "custom_key_store_id",
      "customer_master_key_spec",
      "enable_key_rotation",
      "is_enabled",
      "key_usage",
      "multi_region",
      "rotation_period_in_days",
      "xks_key_id",
    ]),
    mayIgnore: new Set(),
  },
  aws_kms_external_key: {
    kind: "key",
    imported: true,
    primary: undefined,
    arguments: new Set([...shared, "enabled", "multi_region"]),
    mayIgnore: new Set(["valid_to"]),
  },
  aws_kms_replica_key: {
    kind: "replica",
    imported: false,
    primary: "aws_kms_key",
    arguments: new Set([...shared, "enabled", "primary_key_arn"]),
    mayIgnore: new Set(),
  },
  aws_kms_replica_external_key: {
    kind: "replica",
    imported: true,
    primary: "aws_kms_external_key",
    arguments: new Set([...shared, "enabled", "primary_key_arn"]),
    mayIgnore: new Set(["valid_to"]),
  },
};
