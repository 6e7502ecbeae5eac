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
  /** Identity-based policies have none. */
  readonly Principal?: PolicyPrincipal;
  /** Every statement has either this or `NotAction`. */
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: PolicyCondition;
}

export interface PolicyPrincipal {
  readonly AWS?: readonly string[];
  readonly Service?: readonly string[];
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

/**
 * A policy document as it reaches AWS: compact JSON, in which Terraform's `jsonencode` and the provider write `<`, `>`,
 * `&` and two line separators as `\u…`, six characters each.
 *
 * Source: https://developer.hashicorp.com/terraform/language/functions/jsonencode
 */
export function policyText(document: object): string {
  return JSON.stringify(document).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The bytes that AWS KMS counts against a key policy's limit. */
export function policyBytes(document: object): number {
  return Buffer.byteLength(policyText(document), "utf8");
}

/**
 * Joins conditions that all have to hold.
 *
 * @throws when two of them have different values for the same operator and key: one condition cannot say that both have
 * to hold, and either list alone would allow more
 */
export function allOf(...conditions: readonly (PolicyCondition | undefined)[]): PolicyCondition | undefined {
  const joined: Record<string, Record<string, readonly string[]>> = {};
  for (const condition of conditions) {
    for (const [operator, keys] of Object.entries(condition ?? {})) {
      const target = joined[operator] ?? {};
      joined[operator] = target;
      for (const [key, values] of Object.entries(keys)) {
        const before = target[key];
        if (before !== undefined && uniqueNames(before).join("\n") !== uniqueNames(values).join("\n")) {
          throw new Error(
            `two conditions disagree on ${operator} ${key}: ${before.join(", ")} and ${values.join(", ")}`,
          );
        }
        target[key] = values;
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
  const { Principal, Action, NotAction } = statement;
  const condition = Object.fromEntries(
    inNameOrder(statement.Condition ?? {}).map(([operator, keys]) => [
      operator,
      Object.fromEntries(inNameOrder(keys).map(([key, values]) => [key, uniqueNames(values)])),
    ]),
  );
  return {
    Sid: statement.Sid,
    Effect: statement.Effect,
    ...(Principal === undefined ? {} : { Principal: canonicalPrincipal(Principal) }),
    ...(Action === undefined ? {} : { Action: canonicalActions(Action) }),
    ...(NotAction === undefined ? {} : { NotAction: canonicalActions(NotAction) }),
    Resource: uniqueNames(statement.Resource),
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

function canonicalPrincipal({ AWS, Service }: PolicyPrincipal): PolicyPrincipal {
  return {
    ...(AWS === undefined ? {} : { AWS: uniqueNames(AWS) }),
    ...(Service === undefined ? {} : { Service: uniqueNames(Service) }),
  };
}

/**
 * Statements that say the same once; those that only share a Sid get a number, in the order of their content, so that
 * the order in which they came does not matter. A number that would make a Sid that another statement has is skipped:
 * IAM refuses a document with one Sid twice.
 */
function withUniqueSids(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const bySid = new Map<string, PolicyStatement[]>();
  for (const statement of statements) {
    const same = bySid.get(statement.Sid);
    if (same === undefined) bySid.set(statement.Sid, [statement]);
    else same.push(statement);
  }
  const taken = new Set(bySid.keys());
  const free = (sid: string): string => {
    let number = 2;
    while (taken.has(`${sid}${number}`)) number += 1;
    taken.add(`${sid}${number}`);
    return `${sid}${number}`;
  };
  return [...bySid.entries()]
    .sort(([a], [b]) => nameOrder(a, b))
    .flatMap(([sid, same]) =>
      inContentOrder(same).map((statement, index) => (index === 0 ? statement : { ...statement, Sid: free(sid) })),
    );
}

/** Without repeats. */
function inContentOrder(statements: readonly PolicyStatement[]): readonly PolicyStatement[] {
  if (statements.length === 1) return statements;
  const byContent = new Map(statements.map((statement) => [JSON.stringify(statement), statement]));
  return [...byContent].sort(([a], [b]) => nameOrder(a, b)).map(([, statement]) => statement);
}

/** Most statements have one of a few lists of actions, and 10,000 accounts have two million statements: one copy is enough. */
const canonical = new WeakMap<readonly string[], readonly string[]>();
function canonicalActions(actions: readonly string[]): readonly string[] {
  const known = canonical.get(actions) ?? uniqueNames(actions);
  canonical.set(actions, known);
  return known;
}
