import { parseKeyBehindAlias } from "../aws/key-behind-alias";
import type { Policy, Statement } from "./policy-statement";

/**
 * Whether two policies say the same. AWS and the provider put statements and values in another order, write single ones
 * without a list, take an account's number for its root, and leave actions in capitals or small letters as they found them.
 */
export function isSamePolicy(reviewed: Policy, other: Policy): boolean {
  if (!reviewed.understood || !other.understood) return false;
  const left = other.statements.map(plainStatement);
  for (const statement of reviewed.statements.map(plainStatement)) {
    const at = left.findIndex((candidate) => isSameStatement(statement, candidate));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.length === 0;
}

/** A statement by its parts, each with one way to write it. */
interface PlainStatement {
  readonly head: string;
  readonly resources: readonly string[];
}

function plainStatement(statement: Statement): PlainStatement {
  const { sid, effect, principal, action, resource, conditions, hasVariables, understood } = statement;
  const names = (principal?.names ?? []).map(({ type, value }) => {
    if (type === "Any" || (type === "AWS" && value === "*")) return "*";
    return `${type} ${type === "AWS" ? value.replace(/^arn:[a-z-]+:iam::(\d{12}):root$/, "$1") : value}`;
  });
  return {
    head: JSON.stringify([
      sid,
      effect,
      [principal?.negated, ...sorted(names)],
      [action.negated, ...sorted(action.patterns.map((pattern) => pattern.toLowerCase()))],
      resource.negated,
      sorted(
        conditions.map(({ operator, key, values }) => JSON.stringify([operator, key.toLowerCase(), sorted(values)])),
      ),
      hasVariables,
      understood,
    ]),
    resources: sorted(resource.patterns),
  };
}

/** Where the reviewed JSON looks a key up by its alias, a plan and AWS have that key's ARN. */
function isSameStatement(reviewed: PlainStatement, other: PlainStatement): boolean {
  if (reviewed.head !== other.head) return false;
  const literal = reviewed.resources.filter((pattern) => parseKeyBehindAlias(pattern) === undefined);
  const looked = reviewed.resources.flatMap((pattern) => parseKeyBehindAlias(pattern) ?? []);
  const others = other.resources.filter((pattern) => !literal.includes(pattern));
  if (literal.some((pattern) => !other.resources.includes(pattern)) || others.length > looked.length) return false;
  const places = new Set(
    looked.map(({ partition, region, accountId }) => `arn:${partition}:kms:${region}:${accountId}`),
  );
  return (
    others.every((arn) => /^arn:[^*?]+:key\/[\w-]+$/.test(arn) && places.has(arn.split(":").slice(0, 5).join(":"))) &&
    [...places].every((place) => others.some((arn) => arn.startsWith(`${place}:`)))
  );
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
