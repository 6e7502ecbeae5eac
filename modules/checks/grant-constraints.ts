import { constraintNarrows } from "../aws/grant-constraint";
import type { Check } from "./frame/check";

/** A key whose data class is not known is held to everything that a data class can ask for. */
export const check: Check = {
  id: "grant-constraints",
  kind: "hygiene",
  severity: "high",
  requirement: "Every grant has an encryption context constraint where the key's data class asks for one.",
  reason: "Without a constraint the grantee can decrypt everything under the key, and not just what the grant is for.",
  fix: "add encryptionContext to the grant in the map and synthesize again",
  inKey: ({ entry, dataClass }) =>
    entry.key.grants
      .filter(({ constraint, operations }) => {
        return (dataClass?.grantsNeedConstraint ?? true) && constraint === undefined && constraintNarrows(operations);
      })
      .map((grant) => ({
        stack: entry.stack,
        address: `aws_kms_grant.${grant.id}`,
        detail: [],
        why: `lets ${grant.grantee} do ${grant.operations.join(", ")} in any encryption context, and ${
          dataClass === undefined
            ? "nobody knows whether it may: the key's data class is none of the map"
            : `data class ${dataClass.name} asks for a constraint`
        }`,
        place: grant,
      })),
};
