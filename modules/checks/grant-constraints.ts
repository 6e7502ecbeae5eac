import type { Grant } from "../access/grant-match";
import type { SynthesizedStack } from "../access/synthesized-stack";
import { constraintNarrows } from "../aws/grant-constraint";
import { isSymmetricEncryption } from "../aws/key-rules";
import { mapKeyName, mapKeyOf } from "./evidence/map-keys";
import type { Check, DataClassRules, Violation } from "./frame/check";

/**
 * A key whose data class is not known is held to everything that a data class can ask for. Signatures, MACs and public key
 * encryption have no encryption context.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
export const check: Check = {
  id: "grant-constraints",
  kind: "hygiene",
  severity: "high",
  requirement:
    "Every grant has an encryption context constraint where the key's data class asks for one and the key can have one.",
  reason: "Without a constraint the grantee can decrypt everything under the key, and not just what the grant is for.",
  fix: "add encryptionContext to the grant in the map and synthesize again",
  inKey: ({ entry, dataClass }, { keys }) => {
    const kind = mapKeyOf(entry.stack, entry.key, keys)?.kind;
    if (kind !== undefined && !isSymmetricEncryption(kind)) return [];
    return entry.key.grants.flatMap((grant) => unconstrained(grant, entry.stack, dataClass));
  },
  inStack: (stack, { dataClasses, userGrants }) =>
    stack.userGrants.flatMap((grant) => {
      const mapped = userGrants.get(mapKeyName(stack.accountId, grant.id));
      return unconstrained(grant, stack, dataClasses.get(mapped?.dataClass ?? ""));
    }),
};

function unconstrained(grant: Grant, stack: SynthesizedStack, dataClass: DataClassRules | undefined): Violation[] {
  const { id, grantee, operations, constraint } = grant;
  const narrows =
    (dataClass?.grantsNeedConstraint ?? true) && constraint === undefined && constraintNarrows(operations);
  if (!narrows) return [];
  return [
    {
      stack,
      address: `aws_kms_grant.${id}`,
      detail: [],
      why: `lets ${grantee} do ${operations.join(", ")} in any encryption context, and ${
        dataClass === undefined
          ? "nobody knows whether it may: the key's data class is none of the map"
          : `data class ${dataClass.name} asks for a constraint`
      }`,
      place: grant,
    },
  ];
}
