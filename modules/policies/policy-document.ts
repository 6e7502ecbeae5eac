import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";

/**
 * An IAM policy document in canonical form: lists always as lists, everything sorted, nothing twice. AWS stores what it
 * is given and Terraform compares what it gets back, so one form for one meaning keeps plans clean.
 */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  /** Letters and digits. */
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: { readonly AWS?: readonly string[]; readonly Service?: readonly string[] };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: PolicyCondition;
}

/** Operator, then condition key, then values. */
export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Brings statements into canonical form, in the order of their Sids. */
export function policyDocument(statements: readonly PolicyStatement[]): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: withUniqueSids(statements.map(canonicalStatement)).sort((a, b) => nameOrder(a.Sid, b.Sid)),
  };
}

/** The bytes that AWS counts against a policy's limit: compact JSON in UTF-8. */
export function policyBytes(document: PolicyDocument): number {
  return Buffer.byteLength(JSON.stringify(document), "utf8");
}

/** Joins conditions that all have to hold. Two lists for the same operator and key mean the values both allow. */
export function allOf(...conditions: readonly (PolicyCondition | undefined)[]): PolicyCondition | undefined {
  const joined: Record<string, Record<string, readonly string[]>> = {};
  for (const condition of conditions) {
    for (const [operator, keys] of Object.entries(condition ?? {})) {
      const target = joined[operator] ?? {};
      joined[operator] = target;
      for (const [key, values] of Object.entries(keys)) {
        const before = target[key];
        target[key] = before === undefined ? values : before.filter((value) => values.includes(value));
      }
    }
  }
  return Object.keys(joined).length === 0 ? undefined : joined;
}

/** `payments-api` as part of a Sid: `PaymentsApi`. */
export function sidPart(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

function canonicalStatement(statement: PolicyStatement): PolicyStatement {
  const { AWS, Service } = statement.Principal ?? {};
  const condition = Object.fromEntries(
    inNameOrder(statement.Condition ?? {}).map(([operator, keys]) => [
      operator,
      Object.fromEntries(inNameOrder(keys).map(([key, values]) => [key, uniqueNames(values)])),
    ]),
  );
  return {
    Sid: statement.Sid,
    Effect: statement.Effect,
    ...(statement.Principal === undefined
      ? {}
      : {
          Principal: {
            ...(AWS === undefined ? {} : { AWS: uniqueNames(AWS) }),
            ...(Service === undefined ? {} : { Service: uniqueNames(Service) }),
          },
        }),
    Action: uniqueNames(statement.Action),
    Resource: uniqueNames(statement.Resource),
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

/**
 * Statements that say the same once; those that only share a Sid get a number, in the order of their content, so that
 * the order in which they came does not matter.
 */
function withUniqueSids(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const bySid = new Map<string, Map<string, PolicyStatement>>();
  for (const statement of statements) {
    const same = bySid.get(statement.Sid) ?? new Map<string, PolicyStatement>();
    bySid.set(statement.Sid, same.set(JSON.stringify(statement), statement));
  }
  return [...bySid.values()].flatMap((same) =>
    [...same.entries()]
      .sort(([a], [b]) => nameOrder(a, b))
      .map(([, statement], index) => (index === 0 ? statement : { ...statement, Sid: `${statement.Sid}${index + 1}` })),
  );
}
