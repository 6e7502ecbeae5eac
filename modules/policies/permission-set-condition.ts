import { parsePermissionSetRole } from "../aws/permission-set";
import type { PolicyCondition } from "./policy-document";

/**
 * The patterns of `aws:PrincipalArn` to which a condition binds whoever a statement means, where each stands for the role
 * of one permission set; none when somebody else may meet it. That role has no name that a principal could have, so its
 * account is the principal, and the condition says who is meant.
 */
export function permissionSetsMeant(condition: PolicyCondition = {}): readonly string[] {
  const patterns = (["ArnEquals", "ArnLike", "StringLike"] as const).flatMap((operator) =>
    Object.entries(condition[operator] ?? {}).flatMap(([key, values]) =>
      key.toLowerCase() === "aws:principalarn" ? [values] : [],
    ),
  );
  return patterns.find((values) => values.every((value) => parsePermissionSetRole(value) !== undefined)) ?? [];
}
