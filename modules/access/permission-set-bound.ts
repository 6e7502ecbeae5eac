import { parsePermissionSetRole } from "../aws/permission-set";
import { parseOperator } from "./condition/evaluate-condition";
import type { Condition } from "./policy-statement";

/**
 * The patterns of `aws:PrincipalArn` that conditions bind somebody to, where each stands for the role of one permission set:
 * whoever meets the conditions has one of these roles, whatever else they ask for.
 *
 * @returns undefined when somebody else may meet them
 */
export function permissionSetPatterns(conditions: readonly Condition[]): readonly string[] | undefined {
  return conditions.find(({ operator, key, values }) => {
    const use = parseOperator(operator);
    return (
      key.toLowerCase() === "aws:principalarn" &&
      use !== undefined &&
      use.set === undefined &&
      !use.ifExists &&
      (use.name === "ArnLike" || use.name === "ArnEquals" || use.name === "StringLike") &&
      values.length > 0 &&
      values.every((value) => parsePermissionSetRole(value) !== undefined)
    );
  })?.values;
}
