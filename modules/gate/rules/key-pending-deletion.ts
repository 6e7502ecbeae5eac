import type { GateRule } from "../gate-rule";
import { isLeaving, likeKeys } from "./key-exists";

/**
 * The provider takes a key that waits for its deletion for gone, so that a plain apply makes another one and leads the alias
 * to it.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/kms/key.go
 */
export const rule: GateRule = {
  id: "key-pending-deletion",
  severity: "critical",
  requirement: "No plan makes a key in place of one that waits for its deletion in AWS.",
  reason: "Everybody would go on with the new key, and on the day of the deletion all former data would be gone.",
  fix: "cancel the deletion before anything is applied, as docs/lifecycle.md#cancel says; or let the map say that the key is gone",
  allowedBy: "command line",
  inStack: (stack) =>
    likeKeys(stack, isLeaving).map(({ address, key }) => ({
      address,
      detail: [key.keyId],
      why: `would be made anew while ${key.arn} waits for its deletion${key.deletedAt === undefined ? "" : ` on ${key.deletedAt}`}`,
    })),
};
