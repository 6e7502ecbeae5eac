import { isAccountId } from "../aws/account-id";
import { accountRootArn } from "../aws/arn";
import { uniqueNames } from "../aws/name-order";
import type { PartitionName } from "../aws/partition";
import type { AccountPlace } from "./access-index";
import { parseOperator } from "./condition/evaluate-condition";
import { requesterContext } from "./implied-context";
import type { Condition, Policy, PrincipalElement, PrincipalName, Statement } from "./policy-statement";
import { matchPrincipal, type PrincipalMatch } from "./principal-match";
import { regionNeutralService } from "./region-neutral";
import { type ContextLayer, type ContextValue, contextLayer, newRequest, type Request } from "./request";
import { type AccountRequester, parseRequester, type Requester } from "./requester";
import { any } from "./truth";

/** Somebody whom policies tell apart from everybody else. Together they are everybody, and each request is one of theirs. */
export type Subject =
  /** A role with all its sessions, a user, or a single session. */
  | { readonly kind: "principal"; readonly requester: AccountRequester }
  /** Everybody in an account whom no policy names. */
  | { readonly kind: "account"; readonly accountId: string; readonly requester: AccountRequester }
  | { readonly kind: "service"; readonly requester: ServiceRequester }
  /** Whoever has a name that says nothing here: a federated provider, the id of a deleted role, an ARN of another partition. */
  | { readonly kind: "name"; readonly name: PrincipalName }
  /** Everybody whom no policy names, in accounts that none names; services among them. */
  | { readonly kind: "others" };

type ServiceRequester = Extract<Requester, { kind: "service" }>;

/** The key whose policies they are. */
export interface KeyPolicyPlace {
  readonly region: string;
  readonly partition: PartitionName;
}

/** Everybody whom some policies name, by ARN, by account or as a service, in Principal and in conditions, and the rest. */
export class PolicySubjects {
  readonly all: readonly Subject[];
  readonly #arns: ReadonlySet<string>;
  readonly #accounts: ReadonlySet<string>;

  constructor(policies: readonly Policy[], { region, partition }: KeyPolicyPlace) {
    const statements = policies.flatMap((policy) => policy.statements);
    const names = statements.flatMap(({ principal }) => inRegion(principal, region)?.names ?? []);
    const texts = uniqueNames([...names.map(({ value }) => value), ...valuesOf(statements, isPrincipalArn)]);
    const requesters = texts.flatMap((text) => parseRequester(text) ?? []);
    const principals: Subject[] = [];
    const services: Subject[] = [];
    for (const requester of requesters) {
      if (requester.kind === "service") services.push({ kind: "service", requester });
      else if (requester.kind !== "root") principals.push({ kind: "principal", requester });
    }
    this.#arns = new Set(principals.flatMap((each) => (each.kind === "principal" ? [each.requester.arn] : [])));
    this.#accounts = new Set([
      ...requesters.flatMap((each) =>
        each.kind !== "service" && each.partition === partition ? [each.accountId] : [],
      ),
      ...[...texts, ...valuesOf(statements, isPrincipalAccount)].filter(isAccountId),
    ]);
    const accounts = [...this.#accounts].flatMap((accountId): Subject[] => {
      const requester = parseRequester(accountRootArn(partition, accountId));
      return requester?.kind === "root" ? [{ kind: "account", accountId, requester }] : [];
    });
    const others = new Map(
      names.filter((name) => isUnknown(name, partition)).map((name) => [`${name.type} ${name.value}`, name]),
    );
    this.all = [
      ...principals,
      ...accounts,
      ...services,
      ...[...others.values()].map((name): Subject => ({ kind: "name", name })),
      { kind: "others" },
    ];
  }

  /** What of a condition on who makes the request is left for those whom no policy names: the names are never theirs. */
  withoutNames(condition: Condition, subject: Subject): Condition | boolean {
    if (subject.kind !== "account" && subject.kind !== "others") return condition;
    const use = parseOperator(condition.operator);
    if (use === undefined || use.set !== undefined || !/^(Arn|String)(Not)?(Equals|Like)$/.test(use.name)) {
      return condition;
    }
    const named = isPrincipalArn(condition)
      ? this.#arns
      : isPrincipalAccount(condition) && subject.kind === "others" && use.name.startsWith("String")
        ? this.#accounts
        : undefined;
    // A service's request lacks the key.
    if (named === undefined || (use.ifExists && subject.kind === "others")) return condition;
    const values = condition.values.filter((value) => !named.has(value));
    return values.length === 0 ? use.name.includes("Not") : { ...condition, values };
  }
}

/** A service that is named for the key's own Region is the same as without it. */
export function inRegion(element: PrincipalElement | undefined, region: string): PrincipalElement | undefined {
  if (element === undefined || element.names.every(({ type }) => type !== "Service")) return element;
  const names = element.names.map(({ type, value }) => ({
    type,
    value: type === "Service" ? regionNeutralService(value, region) : value,
  }));
  return { ...element, names };
}

/** How a Principal element means a subject: `named` by itself, or `account` through its account. */
export function meaningOf(element: PrincipalElement | undefined, subject: Subject): PrincipalMatch {
  if (element === undefined) return { named: true, account: false };
  if (subject.kind === "principal" || subject.kind === "service") return matchPrincipal(element, requestOf(subject));
  const matches = element.names.map((name) => meaningOfName(name, subject));
  const named = any(matches.map((match) => match.named));
  const account = any(matches.map((match) => match.account));
  if (!element.negated) return { named, account };
  // AWS warns of surprises for whoever is on the list of NotPrincipal with the account alone.
  return { named: named === true ? false : named === false && account === false ? true : "unknown", account: false };
}

function meaningOfName(name: PrincipalName, subject: Subject): PrincipalMatch {
  const { type, value } = name;
  if (type === "Any" || (type === "AWS" && value === "*")) return { named: true, account: false };
  if (subject.kind === "name") {
    const same = type === subject.name.type && value === subject.name.value;
    return { named: same || "unknown", account: false };
  }
  if (type === "Service") return { named: false, account: false };
  if (type !== "AWS" || (!isAccountId(value) && parseRequester(value) === undefined)) {
    return { named: "unknown", account: false };
  }
  const same = subject.kind === "account" && (value === subject.accountId || value === subject.requester.arn);
  return { named: false, account: same };
}

/** A request of which nothing is known but who makes it. The action and the key are anybody's. */
export function requestOf(subject: Subject): Request {
  const known = requests.get(subject) ?? newRequest({ ...anyRequest, ...whoseOf(subject) });
  requests.set(subject, known);
  return known;
}

const requests = new WeakMap<Subject, Request>();

const nobody: Requester = { kind: "service", name: "nobody" };
const anyRequest = { action: "", resource: { accountId: "", arn: "", open: true } };

function whoseOf(subject: Subject): { readonly principal: Requester; readonly implied: readonly ContextLayer[] } {
  switch (subject.kind) {
    case "principal":
      return { principal: subject.requester, implied: [requesterContext(subject.requester, nowhere)] };
    case "account":
      return { principal: subject.requester, implied: [contextLayer(ofAccount(subject.accountId))] };
    case "service":
      return { principal: subject.requester, implied: [serviceContext] };
    case "name":
    case "others":
      return { principal: nobody, implied: [] };
  }
}

function ofAccount(accountId: string): Record<string, ContextValue> {
  return {
    "aws:PrincipalIsAWSService": ["false"],
    "aws:PrincipalServiceName": "absent",
    "aws:PrincipalServiceNamesList": "absent",
    "aws:PrincipalAccount": [accountId],
    "kms:CallerAccount": [accountId],
  };
}

/** Without its name: a service has several, and says which one in `aws:PrincipalServiceName`. */
const serviceContext = contextLayer({
  "aws:PrincipalIsAWSService": ["true"],
  "aws:PrincipalAccount": "absent",
  "aws:PrincipalArn": "absent",
  "aws:PrincipalOrgID": "absent",
  "aws:PrincipalOrgPaths": "absent",
});

const nowhere: ReadonlyMap<string, AccountPlace> = new Map();

function isUnknown({ type, value }: PrincipalName, partition: PartitionName): boolean {
  if (type === "Any") return false;
  const requester = parseRequester(value);
  if (type === "Service") return requester?.kind !== "service";
  if (type !== "AWS") return true;
  if (value === "*" || isAccountId(value)) return false;
  if (requester === undefined || requester.kind === "service") return true;
  return requester.kind === "root" && requester.partition !== partition;
}

function valuesOf(statements: readonly Statement[], counts: (condition: Condition) => boolean): string[] {
  return statements.flatMap(({ conditions }) => conditions.filter(counts).flatMap(({ values }) => values));
}

function isPrincipalArn({ key }: Condition): boolean {
  return key.toLowerCase() === "aws:principalarn";
}

function isPrincipalAccount({ key }: Condition): boolean {
  return /^(aws:principalaccount|kms:calleraccount)$/i.test(key);
}
