/**
 * The parts of `terraform show -json PLAN` that are read here.
 *
 * Source: https://developer.hashicorp.com/terraform/internals/json-format
 */
export interface PlanJson {
  readonly format_version: string;
  readonly terraform_version?: string;
  readonly complete?: boolean;
  readonly errored?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
  /** What waits for a later plan. */
  readonly deferred_changes?: readonly unknown[];
  /** Since Terraform 1.14: what a provider does beside its resources. */
  readonly action_invocations?: readonly unknown[];
  readonly deferred_action_invocations?: readonly unknown[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

export interface ResourceChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly previous_address?: string;
  /** Of what a replacement has left behind, beside the one that has the address. */
  readonly deposed?: string;
  readonly change: {
    /** `["no-op"]`, `["create"]`, `["read"]`, `["update"]`, `["delete"]`, `["forget"]`, or two for a replacement. */
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    /** True, or of the same shape as `after`, where a value is known after the apply alone. */
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    /** Attributes that ask for a replacement. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: { readonly id?: string };
  };
  readonly action_reason?: string;
}

/** What one change comes to. */
export type ChangeAction = "create" | "update" | "replace" | "delete" | "forget" | "import";
