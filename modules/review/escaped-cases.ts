import type { Condition, Statement } from "../access/policy-statement";
import { nameOrder } from "../aws/name-order";

/**
 * For whom or what a Deny no longer holds, as far as its conditions tell: `where aws:PrincipalArn is arn:aws:iam::*:role/Helper`.
 *
 * @param others statements of the other side; the one with the same Sid stands for it
 * @returns none where the statement is gone, or where something else than its conditions is another
 */
export function escapedCases(statement: Statement, others: readonly Statement[]): string[] {
  const same = others.find(({ sid, effect }) => sid !== undefined && sid === statement.sid && effect === "Deny");
  if (same === undefined) return [];
  return same.conditions.flatMap((condition) => {
    const former = statement.conditions.find(
      ({ operator, key }) => isSameName(operator, condition.operator) && isSameName(key, condition.key),
    );
    return caseOf(former, condition);
  });
}

/** A Deny holds where all its conditions do: a new one leaves out what it does not mean, and a negated one what it names. */
function caseOf(former: Condition | undefined, { operator, key, values }: Condition): string[] {
  const negated = /Not/.test(operator);
  if (former === undefined) return [`where ${key} is ${negated ? "" : "not "}${listed(values)}`];
  const left = negated
    ? values.filter((value) => !former.values.includes(value))
    : former.values.filter((value) => !values.includes(value));
  return left.length === 0 ? [] : [`where ${key} is ${listed(left)}`];
}

/** IAM takes capital and small letters of operators and keys alike. */
function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function listed(values: readonly string[]): string {
  return [...values].sort(nameOrder).join(" or ");
}
