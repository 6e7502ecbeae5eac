import { parseKeyBehindAlias } from "../aws/key-behind-alias";
import type { Policy, PrincipalElement, Statement } from "./policy-statement";

/**
 * A policy that was read, as the JSON that AWS takes: the statements in their order, every list as a list. One line a
 * statement: it can be read, and AWS counts the bytes of a key policy with its blanks.
 *
 * @returns undefined when a part of it was not understood, or is known to Terraform alone: what is not the reviewed policy is none
 */
export function policyJson(policy: Policy): string | undefined {
  const { statements, understood } = policy;
  const [first] = statements;
  const isWhole = understood && statements.every((statement) => statement.understood && !isLookedUp(statement));
  if (!isWhole || first === undefined) return undefined;
  const version = first.hasVariables ? "2012-10-17" : "2008-10-17";
  const lines = statements.map((statement) => JSON.stringify(statementJson(statement)));
  return `{"Version":"${version}","Statement":[\n${lines.join(",\n")}\n]}`;
}

/** Where a stack looks a key up by its alias, the ARN is Terraform's to find. */
function isLookedUp({ resource }: Statement): boolean {
  return resource.patterns.some((pattern) => parseKeyBehindAlias(pattern) !== undefined);
}

function statementJson({ sid, effect, principal, action, resource, conditions }: Statement): object {
  const operators: Record<string, Record<string, readonly string[]>> = {};
  for (const { operator, key, values } of conditions) operators[operator] = { ...operators[operator], [key]: values };
  return {
    ...(sid === undefined ? {} : { Sid: sid }),
    Effect: effect,
    ...(principal === undefined
      ? {}
      : { [principal.negated ? "NotPrincipal" : "Principal"]: principalJson(principal) }),
    [action.negated ? "NotAction" : "Action"]: action.patterns,
    [resource.negated ? "NotResource" : "Resource"]: resource.patterns,
    ...(conditions.length === 0 ? {} : { Condition: operators }),
  };
}

function principalJson({ names }: PrincipalElement): unknown {
  const byType: Record<string, string[]> = {};
  for (const { type, value } of names) {
    if (type === "Any") return "*";
    byType[type] = [...(byType[type] ?? []), value];
  }
  return byType;
}
