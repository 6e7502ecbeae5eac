import { isAccountId } from "../aws/account-id";
import { parseOperator } from "./condition/evaluate-condition";
import type { Condition, PrincipalName, Statement } from "./policy-statement";
import { parseRequester } from "./requester";

/**
 * Where everybody must be whom a statement or a grant can mean: in one of these accounts, or below one of these paths of
 * an organization (`o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*`, or without `*` directly in that OU). For AWS services it is where the resources are that they act
 * for. With a reason in `unbounded` there is no such limit.
 *
 * This is a bound from above: whatever is in doubt is unbounded.
 */
export interface PrincipalBounds {
  readonly accounts: ReadonlySet<string>;
  readonly organizationPaths: ReadonlySet<string>;
  readonly unbounded: readonly string[];
}

/**
 * @param partition the key's: a principal of another partition can never use it, and is not taken for one of the account
 * that has the same number here
 */
export function boundsOfStatement(statement: Statement, partition: string): PrincipalBounds {
  const { principal } = statement;
  if (!statement.understood) return unbounded("the statement has a part that is not understood");
  if (principal === undefined) return unbounded("the statement names no principal");
  const byCondition = conditionBounds(statement);
  if (principal.negated) return limited(undefined, byCondition.principals, "NotPrincipal means everybody else");
  return union(principal.names.map((name) => boundsOfName(name, partition, byCondition)));
}

/** A grantee or retiring principal: grants have no conditions that could bound anybody. */
export function boundsOfPrincipal(principal: string, partition: string): PrincipalBounds {
  const requester = parseRequester(principal);
  if (requester === undefined) return unbounded(`${principal} is not a principal's ARN`);
  if (requester.kind === "service") return unbounded(`${principal} acts for whoever uses the service`);
  return requester.partition === partition
    ? { accounts: new Set([requester.accountId]), organizationPaths: new Set(), unbounded: [] }
    : unbounded(`${principal} is of another partition`);
}

/** Within any of them. */
export function union(bounds: readonly PrincipalBounds[]): PrincipalBounds {
  return {
    accounts: new Set(bounds.flatMap((bound) => [...bound.accounts])),
    organizationPaths: new Set(bounds.flatMap((bound) => [...bound.organizationPaths])),
    unbounded: [...new Set(bounds.flatMap((bound) => bound.unbounded))],
  };
}

function unbounded(why: string): PrincipalBounds {
  return { accounts: new Set(), organizationPaths: new Set(), unbounded: [why] };
}

/** What conditions bound; undefined where they do not. */
interface Limits {
  readonly accounts: ReadonlySet<string> | undefined;
  readonly organizationPaths: ReadonlySet<string> | undefined;
}

function boundsOfName(
  name: PrincipalName,
  partition: string,
  byCondition: { readonly principals: Limits; readonly services: (service: string) => Limits },
): PrincipalBounds {
  if (name.type === "Service") {
    return limited(undefined, byCondition.services(name.value), `no condition says for whom ${name.value} acts`);
  }
  if (name.type !== "AWS" || name.value === "*") {
    return limited(undefined, byCondition.principals, `${name.type} ${name.value} can be in any account`);
  }
  if (isAccountId(name.value)) return limited(name.value, byCondition.principals, "");
  const requester = parseRequester(name.value);
  if (requester === undefined || requester.kind === "service") {
    return limited(undefined, byCondition.principals, `${name.value} does not show its account`);
  }
  if (requester.partition !== partition) return unbounded(`${name.value} is of another partition`);
  return limited(requester.accountId, byCondition.principals, "");
}

/** The account that is named, as far as conditions leave it; else what they leave of the world. */
function limited(account: string | undefined, limits: Limits, why: string): PrincipalBounds {
  const { accounts, organizationPaths } = limits;
  if (account !== undefined) {
    const left = accounts === undefined || accounts.has(account) ? [account] : [];
    return { accounts: new Set(left), organizationPaths: new Set(), unbounded: [] };
  }
  if (accounts !== undefined) return { accounts, organizationPaths: new Set(), unbounded: [] };
  if (organizationPaths !== undefined) return { accounts: new Set(), organizationPaths, unbounded: [] };
  return unbounded(why);
}

type Bound = (values: readonly string[], use: { readonly name: string; readonly set: boolean }) => Limits | undefined;

const none: Limits = { accounts: undefined, organizationPaths: undefined };

/** Context keys that say where an IAM principal is. */
const principalKeys: ReadonlyMap<string, Bound> = new Map([
  ["aws:principalaccount", accountValues],
  ["kms:calleraccount", accountValues],
  ["aws:principalarn", arnValues],
  ["aws:principalorgid", organizationValues],
  ["aws:principalorgpaths", pathValues],
]);

/** Context keys that say for whose resource a service acts: IAM principals never carry them, services do. */
const sourceKeys: ReadonlyMap<string, Bound> = new Map([
  ["aws:sourceaccount", accountValues],
  ["aws:sourcearn", arnValues],
  ["aws:sourceorgid", organizationValues],
  ["aws:sourceorgpaths", pathValues],
]);

/**
 * Services whose encryption context names the resource they act for, and who set it themselves.
 *
 * Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html and
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
const sourceContexts: ReadonlyMap<string, string> = new Map([
  ["logs", "kms:encryptioncontext:aws:logs:arn"],
  ["cloudtrail", "kms:encryptioncontext:aws:cloudtrail:arn"],
]);

function conditionBounds(statement: Statement): {
  readonly principals: Limits;
  readonly services: (service: string) => Limits;
} {
  return {
    principals: limitsBy(statement.conditions, principalKeys),
    services: (service) => {
      const context = sourceContexts.get(service.split(".")[0] ?? "");
      const keys = context === undefined ? sourceKeys : new Map([...sourceKeys, [context, arnValues] as const]);
      return limitsBy(statement.conditions, keys);
    },
  };
}

function limitsBy(conditions: readonly Condition[], keys: ReadonlyMap<string, Bound>): Limits {
  return conditions.reduce((limits: Limits, condition) => {
    const found = boundOfCondition(condition, keys);
    return {
      accounts: intersection(limits.accounts, found.accounts),
      organizationPaths: narrower(limits.organizationPaths, found.organizationPaths),
    };
  }, none);
}

/**
 * Only operators that need the key to be there and to match. IfExists, ForAllValues and Null let a request without the key
 * pass, negated operators let everybody else pass.
 */
function boundOfCondition(condition: Condition, keys: ReadonlyMap<string, Bound>): Limits {
  const bound = keys.get(condition.key.toLowerCase());
  const use = parseOperator(condition.operator);
  if (bound === undefined || use === undefined || use.ifExists || use.set === "ForAllValues") return none;
  if (condition.values.length === 0 || condition.values.some((value) => value.includes("${"))) return none;
  return bound(condition.values, { name: use.name, set: use.set !== undefined }) ?? none;
}

const exact: ReadonlySet<string> = new Set(["StringEquals", "StringEqualsIgnoreCase", "StringLike"]);

function accountValues(values: readonly string[], { name }: { readonly name: string }): Limits | undefined {
  return exact.has(name) && values.every(isAccountId) ? { ...none, accounts: new Set(values) } : undefined;
}

/** ARNs whose account is written out. */
function arnValues(values: readonly string[], { name }: { readonly name: string }): Limits | undefined {
  const accounts = values.map((value) => {
    const components = value.split(":");
    const account = components[4] ?? "";
    if (components.length < 6 || !isAccountId(account)) return undefined;
    if (name === "ArnEquals" || name === "ArnLike") return account;
    if (name === "StringEquals" || name === "StringEqualsIgnoreCase") return account;
    // StringLike ignores the structure: a wildcard before the account reaches over colons.
    return name === "StringLike" && !/[*?]/.test(components.slice(0, 4).join(":")) ? account : undefined;
  });
  const known = accounts.filter((account) => account !== undefined);
  return known.length === accounts.length ? { ...none, accounts: new Set(known) } : undefined;
}

function organizationValues(values: readonly string[], { name }: { readonly name: string }): Limits | undefined {
  const ids = values.every((value) => /^o-[a-z0-9]{10,32}$/.test(value));
  return exact.has(name) && ids
    ? { ...none, organizationPaths: new Set(values.map((value) => `${value}/*`)) }
    : undefined;
}

/**
 * Paths of an organization, which is a multivalued key and therefore needs ForAnyValue. What stands before a wildcard
 * bounds only up to its last slash: `…/ou-ab12-1*` also means the OU beside it.
 */
function pathValues(
  values: readonly string[],
  { name, set }: { readonly name: string; readonly set: boolean },
): Limits | undefined {
  if (!set || (name !== "StringEquals" && name !== "StringLike")) return undefined;
  const paths = values.map((value) => {
    const literal = name === "StringLike" ? (value.split(/[*?]/)[0] ?? "") : value;
    const path = literal.slice(0, literal.lastIndexOf("/") + 1);
    if (!/^o-[a-z0-9]{10,32}\//.test(path)) return undefined;
    return path === value ? path : `${path}*`;
  });
  const known = paths.filter((path) => path !== undefined);
  return known.length === paths.length ? { ...none, organizationPaths: new Set(known) } : undefined;
}

/** Paths contain each other rather than intersect: any one of two conditions is a bound, and the inner one the better. */
function narrower(
  a: ReadonlySet<string> | undefined,
  b: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const outer = [...a].filter((path) => path.endsWith("*")).map((path) => path.slice(0, -1));
  return [...b].every((path) => outer.some((above) => path.startsWith(above))) ? b : a;
}

function intersection(
  a: ReadonlySet<string> | undefined,
  b: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return new Set([...a].filter((item) => b.has(item)));
}
