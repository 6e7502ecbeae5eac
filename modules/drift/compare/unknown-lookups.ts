import type { Policy, Statement } from "../../access/policy-statement";
import { parseKeyBehindAlias } from "../../aws/key-behind-alias";

/**
 * A policy of AWS with the lookups of the reviewed one, where nobody knows to which keys their aliases lead: in the same statement,
 * a key of the alias's account and Region stands for it.
 *
 * @param reviewed with the ARNs that are known
 */
export function withUnknownLookups(live: Policy, reviewed: Policy): Policy {
  const statements = live.statements.map((statement) => {
    const same = reviewed.statements.find(({ sid, effect }) => sid === statement.sid && effect === statement.effect);
    return same === undefined ? statement : withLookupsOf(same, statement);
  });
  return { ...live, statements };
}

function withLookupsOf(reviewed: Statement, statement: Statement): Statement {
  const wanted = reviewed.resource.patterns;
  const lookups = wanted.filter((pattern) => parseKeyBehindAlias(pattern) !== undefined);
  let { patterns } = statement.resource;
  for (const place of new Set(lookups.map(placeOf))) {
    const looked = lookups.filter((pattern) => placeOf(pattern) === place);
    const keys = patterns.filter(
      (pattern) => !wanted.includes(pattern) && isKey.test(pattern) && placeOf(pattern) === place,
    );
    // Two aliases may lead to one key; of more keys than aliases nobody knows which are too many.
    if (keys.length === 0 || keys.length > looked.length) continue;
    patterns = [...patterns.filter((pattern) => !keys.includes(pattern)), ...looked];
  }
  return { ...statement, resource: { ...statement.resource, patterns } };
}

const isKey = /^arn:[^*?]+:key\/[\w-]+$/;

/** `arn:aws:kms:us-east-1:100000000004` */
function placeOf(arn: string): string {
  return arn.split(":").slice(0, 5).join(":");
}
