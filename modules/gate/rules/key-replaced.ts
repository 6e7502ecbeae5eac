import type { Danger, GateRule } from "../gate-rule";
import type { PlannedChange } from "../planned-change";
import { keyStoreType, keyTypes } from "../resource-types";

/**
 * `multi_region`, `customer_master_key_spec`, `key_usage` and `custom_key_store_id` cannot be changed.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/kms/key.go
 */
export const rule: GateRule = {
  id: "key-replaced",
  severity: "critical",
  requirement: "No plan replaces a key or a key store.",
  reason: "The former key is scheduled for deletion and the new one cannot read its data.",
  fix: "take back what cannot be changed; a key that has to be another one is replaced as docs/lifecycle.md#replace says",
  allowedBy: "command line",
  inStack: ({ changes }) =>
    changes.filter(({ type }) => keyTypes.has(type) || type === keyStoreType).flatMap(replacement),
};

/** What asks for the replacement, where there is one. */
export function replacement({ address, action, replacedFor }: PlannedChange): Danger[] {
  if (action !== "replace") return [];
  const because = replacedFor.length === 0 ? "" : `, for its ${replacedFor.join(", ")}`;
  return [{ address, why: `would be replaced by another one${because}` }];
}
