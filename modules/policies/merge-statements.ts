import { createHash } from "node:crypto";
import { uniqueNames } from "../aws/name-order";
import { type PolicyCondition, type PolicyStatement, policyDocument } from "./policy-document";

/** An Allow for principals by their ARNs, and how the Sids of its kind begin. */
export interface MergeableStatement {
  readonly prefix: string;
  readonly statement: PolicyStatement;
}

/**
 * One statement for all principals to whom the same is allowed on the same conditions. `kms:CallerAccount` follows the
 * principals: each of them calls from its own account, so that a list of several lets nobody call from another's.
 *
 * The name of a merged statement is made of its terms and of nothing else: one principal more or less changes a line, and
 * neither a name nor the order. A Region's service endpoints count as any Region's, so that replicas have the same names.
 */
export function mergeStatements(statements: readonly MergeableStatement[], region: string): PolicyStatement[] {
  const byTerms = new Map<string, MergeableStatement[]>();
  for (const each of statements) {
    const terms = termsOf(each, region);
    const same = byTerms.get(terms);
    if (same === undefined) byTerms.set(terms, [each]);
    else same.push(each);
  }
  return [...byTerms].flatMap(([terms, same]) => {
    const [first, second] = same;
    if (first === undefined) return [];
    if (second === undefined) return [first.statement];
    const name = createHash("sha256").update(terms).digest("hex").slice(0, 8);
    const { Condition: _, ...rest } = first.statement;
    const callers = uniqueNames(same.flatMap(({ statement }) => statement.Condition?.StringEquals?.[CALLER] ?? []));
    const condition = withCallers(first.statement.Condition, callers);
    return [
      {
        ...rest,
        Sid: `${first.prefix}Merged${name}`,
        Principal: { AWS: same.flatMap(({ statement }) => statement.Principal?.AWS ?? []) },
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ];
  });
}

const CALLER = "kms:CallerAccount";

/** All that a statement says but for whom. */
function termsOf({ prefix, statement }: MergeableStatement, region: string): string {
  const condition = withCallers(statement.Condition, ["the principals'"]);
  const [canonical] = policyDocument([
    {
      Sid: prefix,
      Effect: statement.Effect,
      Action: statement.Action ?? [],
      Resource: statement.Resource,
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  ]).Statement;
  return JSON.stringify(canonical).replaceAll(`.${region}.amazonaws.com`, ".amazonaws.com");
}

/** The condition with other values for the caller's account, where it has one. */
function withCallers(condition: PolicyCondition | undefined, callers: readonly string[]): PolicyCondition | undefined {
  const { StringEquals } = condition ?? {};
  if (StringEquals?.[CALLER] === undefined) return condition;
  return { ...condition, StringEquals: { ...StringEquals, [CALLER]: callers } };
}
