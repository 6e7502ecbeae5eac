import { parseOperator } from "../../access/condition/evaluate-condition";
import type { Condition, PrincipalElement, Statement } from "../../access/policy-statement";
import { matchAction } from "../../access/statement-match";
import { isAccountId } from "../../aws/account-id";

/**
 * Whether a statement of a key policy surely denies an action to everybody in the key's account but one principal: for the
 * root as a principal of a Deny means everybody in the account. Whatever else it asks for makes it deny less.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
 *
 * @param root the ARN of the account's root
 * @param exempt the one principal's ARN
 */
export function deniesOthers(statement: Statement, action: string, root: string, exempt: string): boolean {
  const { effect, understood, principal, resource, conditions } = statement;
  return (
    effect === "Deny" &&
    understood &&
    matchAction(statement.action, action) === true &&
    meansEverybodyIn(principal, root) &&
    !resource.negated &&
    resource.patterns.includes("*") &&
    conditions.every((condition) => exemptsOnly(condition, exempt))
  );
}

function meansEverybodyIn(principal: PrincipalElement | undefined, root: string): boolean {
  if (principal === undefined || principal.negated) return false;
  return principal.names.some(({ type, value }) => {
    if (type === "Any") return true;
    if (type !== "AWS") return false;
    return value === "*" || value === root || (isAccountId(value) && value === root.split(":")[4]);
  });
}

/** Every request of an IAM principal carries its ARN: that of the role, for each of its sessions. */
function exemptsOnly({ key, operator, values }: Condition, exempt: string): boolean {
  const use = parseOperator(operator);
  return (
    key.toLowerCase() === "aws:principalarn" &&
    use !== undefined &&
    use.set === undefined &&
    /^(Arn|String)Not(Equals|Like)$/.test(use.name) &&
    values.every((value) => value === exempt)
  );
}
