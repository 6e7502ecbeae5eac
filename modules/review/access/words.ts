import type { Grant } from "../../access/grant-match";
import type { Condition } from "../../access/policy-statement";
import { inNameOrder, nameOrder } from "../../aws/name-order";

/** Names by id of the accounts that a map knows. */
export type NameOfAccount = (accountId: string) => string | undefined;

/** `role/payments-batch in payments-prod`; whatever is in no account that the map knows stays as it is written. */
export function whomWords(who: string, nameOf: NameOfAccount): string {
  const account = /^account (\d{12})$/.exec(who)?.[1];
  if (account !== undefined) return `anyone of ${nameOf(account) ?? who} whom its IAM allows`;
  const [, , service, , accountId = "", ...rest] = who.split(":");
  const name = service === "iam" || service === "sts" ? nameOf(accountId) : undefined;
  // A list of ARNs is no ARN.
  return name === undefined || who.includes(", ") ? who : `${rest.join(":")} in ${name}`;
}

/**
 * What has to hold besides, in name order: `only through s3`. What has no words of its own is told as it is written.
 *
 * @param region the key's: services of another Region are told with it
 */
export function conditionWords(conditions: readonly Condition[], region: string, nameOf: NameOfAccount): string[] {
  return [...new Set(conditions.map((condition) => wordsOf(condition, region, nameOf)))].sort(nameOrder);
}

function wordsOf({ operator, key, values }: Condition, region: string, nameOf: NameOfAccount): string {
  const say = isOneOf(operator) ? speech(key.toLowerCase()) : undefined;
  if (say !== undefined) return say(orList(values.map((value) => valueWords(key, value, region, nameOf))));
  if (/^ForAllValues:String(Equals|Like)$/.test(operator) && key.toLowerCase() === "kms:encryptioncontextkeys") {
    return `with no encryption context but ${orList(values)}`;
  }
  return `if ${key} ${operator} ${values.join(" or ")}`;
}

/** The request has to have the key, with one of the values. */
function isOneOf(operator: string): boolean {
  return /^(ForAnyValue:)?((Arn|String)(Equals|Like)|StringEqualsIgnoreCase|IpAddress|Bool)$/.test(operator);
}

const pairPrefix = "kms:encryptioncontext:";

type Speech = (values: string) => string;

const speeches: ReadonlyMap<string, Speech> = new Map<string, Speech>([
  ["aws:principalaccount", (values) => `only from ${values}`],
  ["aws:principalarn", (values) => `only as ${values}`],
  ["aws:principalorgid", (values) => `only from organization ${values}`],
  ["aws:principalorgpaths", (values) => `only from below ${values}`],
  ["aws:resourceaccount", (values) => `only keys of ${values}`],
  ["aws:sourceaccount", (values) => `only for ${values}`],
  ["aws:sourcearn", (values) => `only for ${values}`],
  ["aws:sourceip", (values) => `only from ${values}`],
  ["aws:sourcevpc", (values) => `only from ${values}`],
  ["aws:sourcevpce", (values) => `only from ${values}`],
  ["kms:calleraccount", (values) => `only from ${values}`],
  [
    "kms:grantisforawsresource",
    (values) => (values === "true" ? "only grants for AWS resources" : "no grants for AWS resources"),
  ],
  ["kms:granteeprincipal", (values) => `only grants to ${values}`],
  ["kms:grantoperations", (values) => `only grants of ${values}`],
  ["kms:primaryregion", (values) => `only to ${values}`],
  ["kms:replicaregion", (values) => `only to ${values}`],
  ["kms:resourcealiases", (values) => `only while it has ${values}`],
  ["kms:retiringprincipal", (values) => `only grants that ${values} may retire`],
  ["kms:viaservice", (values) => `only through ${values}`],
]);

function speech(key: string): Speech | undefined {
  return key.startsWith(pairPrefix) ? (values) => `with encryption context ${values}` : speeches.get(key);
}

function valueWords(key: string, value: string, region: string, nameOf: NameOfAccount): string {
  const name = key.toLowerCase();
  if (name.startsWith(pairPrefix)) return `${key.slice(pairPrefix.length)}=${value.replaceAll("${$}", "$")}`;
  if (name === "kms:viaservice") return serviceWords(value, region);
  if (/account$/.test(name)) return nameOf(value) ?? `account ${value}`;
  return value.startsWith("arn:") ? whomWords(value, nameOf) : value;
}

function serviceWords(value: string, region: string): string {
  const [, service, where] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.amazonaws\.com$/.exec(value) ?? [];
  if (service === undefined) return value;
  return where === region ? service : `${service} in ${where}`;
}

/** What the constraint of a grant asks for. */
export function constraintWords({ constraint }: Grant): string[] {
  if (constraint === undefined) return [];
  const pairs = inNameOrder(constraint.pairs).map(([name, value]) => `${name}=${value}`);
  return [`with encryption context ${constraint.kind === "equals" ? "exactly " : ""}${pairs.join(", ")}`];
}

/** A person looks for a name or two; the rows have all. */
const MOST_NAMES = 3;

/** `a, b and c`; `a, b, c and 7 more` */
export function someOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 1 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${more} more` : joined(names, "and");
}

/** The same of what has commas in it. */
export function someClauses(clauses: readonly string[]): string {
  const more = clauses.length - MOST_NAMES;
  return more > 0 ? `${clauses.slice(0, MOST_NAMES).join("; ")}; and ${more} more likewise` : clauses.join("; and ");
}

function orList(names: readonly string[]): string {
  return joined(names, "or");
}

function joined(names: readonly string[], word: string): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`;
}
