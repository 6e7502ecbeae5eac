import type { Gain } from "../../access/gained-access";
import type { Grant } from "../../access/grant-match";
import type { Condition } from "../../access/policy-statement";

/**
 * Whether a gain lets nobody but the role that deploys make grants, and none but such as stand beside the key: whoever gets
 * something by these is told of each.
 *
 * @param deployRole its ARN in the key's account
 */
export function isForGrantsBeside(
  { who, actions, conditions, lifted }: Gain,
  deployRole: string,
  grants: readonly Grant[],
): boolean {
  if (who !== deployRole || actions.join() !== "kms:CreateGrant" || lifted !== undefined) return false;
  const grantees = valuesOf(conditions, "StringEquals", "kms:GranteePrincipal") ?? [];
  return (
    grantees.length > 0 &&
    grantees.every((grantee) => grants.some((grant) => grant.grantee === grantee && isAsWide(grant, conditions)))
  );
}

/** Whether a grant gives all that another one could give under these conditions. */
function isAsWide({ operations, constraint }: Grant, conditions: readonly Condition[]): boolean {
  // A grant without operations does not exist: the condition cannot hold for want of its key.
  const asked = valuesOf(conditions, "ForAllValues:StringEquals", "kms:GrantOperations");
  if (asked === undefined || !asked.every((operation) => operations.includes(operation))) return false;
  if (constraint === undefined) return true;
  const pairs = Object.entries(constraint.pairs);
  const hasPairs = pairs.every(([name, value]) => {
    return valuesOf(conditions, "StringEquals", `kms:EncryptionContext:${name}`)?.join("\n") === value;
  });
  const types = valuesOf(conditions, "StringEquals", "kms:GrantConstraintType") ?? [];
  const names = valuesOf(conditions, "ForAllValues:StringEquals", "kms:EncryptionContextKeys");
  return (
    hasPairs &&
    types.length > 0 &&
    (constraint.kind === "subset" ||
      (types.join() === "EncryptionContextEquals" &&
        names !== undefined &&
        names.every((name) => Object.hasOwn(constraint.pairs, name))))
  );
}

function valuesOf(conditions: readonly Condition[], operator: string, key: string): readonly string[] | undefined {
  return conditions.find((condition) => condition.operator === operator && condition.key === key)?.values;
}
