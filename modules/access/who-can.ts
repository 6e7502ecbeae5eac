import { grantConstraintTypes } from "../aws/grant-constraint";
import { allKeyActions } from "../aws/kms-actions";
import { nameOrder } from "../aws/name-order";
import type { AccessIndex, KeyEntry } from "./access-index";
import type { ConsumerStatement } from "./consumer-index";
import { worksAcrossAccounts } from "./cross-account-actions";
import type { Grant } from "./grant-match";
import { hasOwnContextKeys, impliedContext } from "./implied-context";
import type { Condition, PatternElement, Statement } from "./policy-statement";
import { boundsOfPrincipal, boundsOfStatement, type PrincipalBounds } from "./principal-bounds";
import { newRequest } from "./request";
import { parseRequester, type Requester } from "./requester";
import { matchAction, matchStatement } from "./statement-match";
import { possible, type Truth } from "./truth";
import { requesterOf, type Who, whoByName, whoIsMeant } from "./who";

/** Somebody can do something with a key, through one statement or grant. */
export interface Access {
  readonly key: KeyEntry;
  readonly who: Who;
  /** Where these principals can be; whatever is in doubt is unbounded. */
  readonly bounds: PrincipalBounds;
  /** Sorted. Actions that work in the key's own account alone are left out for principals that are surely elsewhere. */
  readonly actions: readonly string[];
  /** All have to hold: of the statement, or of the grant (as its encryption context). */
  readonly conditions: readonly Condition[];
  readonly through: Through;
  readonly identity: IdentityHalf;
  /** Deny statements of the key policy that may take it away again, in circumstances nobody knows here. */
  readonly unless: readonly Statement[];
}

export type Through =
  | { readonly kind: "key-policy"; readonly statement: Statement }
  | { readonly kind: "grant"; readonly grant: Grant }
  /** May end the grant, and do nothing else. */
  | { readonly kind: "retiring-principal"; readonly grant: Grant };

/** What IAM in the principal's own account has to say. */
export type IdentityHalf =
  /** Being named is enough. */
  | { readonly kind: "not-needed" }
  /** An IAM policy has to allow it too. `known` are the consumer policies of the stacks; there may always be others. */
  | { readonly kind: "needed"; readonly known: readonly ConsumerStatement[] };

/** Who can do what with one key or replica. */
export interface KeyAccess {
  readonly key: KeyEntry;
  readonly access: readonly Access[];
  /** The key policy, or a part of it, cannot be read: there may be more. */
  readonly complete: boolean;
}

/**
 * Everybody who can do anything with a key, by statement and grant; the work grows with these, never with the number of
 * principals of the organization.
 */
export function whoCan(index: AccessIndex, key: KeyEntry): KeyAccess {
  const statements = key.key.policy?.statements ?? [];
  const denies = statements.filter((statement) => statement.effect === "Deny");
  const consumers = new KeyConsumers(index.consumerStatementsOf(key));
  const access = [
    ...statements
      .filter((statement) => statement.effect === "Allow")
      .flatMap((statement) => throughStatement(key, statement, consumers)),
    ...[...key.key.grants, ...index.userGrantsOn(key)].flatMap((grant) => throughGrant(key, grant, consumers)),
  ];
  return {
    key,
    access: access.map((row) => withoutDenied(index, row, denies)).filter((row) => row.actions.length > 0),
    complete: key.key.policy?.understood === true && statements.every((statement) => statement.understood),
  };
}

function throughStatement(key: KeyEntry, statement: Statement, consumers: KeyConsumers): Access[] {
  const actions = actionsOf(statement.action);
  return whoIsMeant(statement.principal).map(
    ({ who, element }): Access => ({
      key,
      who,
      bounds: boundsOfStatement({ ...statement, principal: element }, key.partition),
      actions: effective(actions, who, key),
      conditions: statement.conditions,
      through: { kind: "key-policy", statement },
      identity: consumers.half(who, key, actions),
      unless: [],
    }),
  );
}

function throughGrant(key: KeyEntry, grant: Grant, consumers: KeyConsumers): Access[] {
  const row = (principal: string, actions: readonly string[], through: Through): Access => {
    const who = whoByName(principal);
    return {
      key,
      who,
      bounds: boundsOfPrincipal(principal, key.partition),
      actions: effective(actions, who, key),
      conditions: through.kind === "grant" ? constraintConditions(grant) : [],
      through,
      identity: through.kind === "grant" ? consumers.half(who, key, actions) : { kind: "not-needed" },
      unless: [],
    };
  };
  const operations = grant.operations.map((operation) => `kms:${operation}`).sort(nameOrder);
  return [
    row(grant.grantee, operations, { kind: "grant", grant }),
    ...(grant.retiring === undefined
      ? []
      : [row(grant.retiring, ["kms:RetireGrant"], { kind: "retiring-principal", grant })]),
  ];
}

/** A constraint in the words of a condition; `equals` says more than conditions can, so it is shown as it is. */
function constraintConditions(grant: Grant): Condition[] {
  const { constraint } = grant;
  if (constraint === undefined) return [];
  return Object.entries(constraint.pairs).map(([pair, value]) => ({
    path: `${grant.path}/constraints`,
    operator: grantConstraintTypes[constraint.kind],
    key: `kms:EncryptionContext:${pair}`,
    values: [value],
  }));
}

function effective(actions: readonly string[], who: Who, key: KeyEntry): readonly string[] {
  const elsewhere = (who.kind === "principal" || who.kind === "account") && who.accountId !== key.accountId;
  return elsewhere ? actions.filter(worksAcrossAccounts) : actions;
}

const expanded = new Map<string, readonly string[]>();
const expandedElements = new WeakMap<PatternElement, readonly string[]>();

/** The actions of an element by name. Many statements have the same, so each is expanded once. */
export function actionsOf(element: PatternElement): readonly string[] {
  const before = expandedElements.get(element);
  if (before !== undefined) return before;
  const identity = `${element.negated} ${element.patterns.join(" ")}`;
  const actions = expanded.get(identity) ?? allKeyActions.filter((action) => possible(matchAction(element, action)));
  expanded.set(identity, actions);
  expandedElements.set(element, actions);
  return actions;
}

/** The consumer statements that may reach one key, by account and by principal. */
class KeyConsumers {
  readonly #byAccount = new Map<string, ConsumerStatement[]>();
  readonly #byPrincipal = new Map<string, ConsumerStatement[]>();

  constructor(consumers: readonly ConsumerStatement[]) {
    for (const consumer of consumers) {
      append(this.#byAccount, consumer.stack.accountId ?? "", consumer);
      for (const principal of consumer.principals) append(this.#byPrincipal, principal, consumer);
    }
  }

  half(who: Who, key: KeyEntry, actions: readonly string[]): IdentityHalf {
    if (who.kind === "account") return this.#needed(this.#byAccount.get(who.accountId), actions);
    if (who.kind === "principal" && who.accountId !== key.accountId) {
      return this.#needed(this.#byPrincipal.get(withoutPath(who.arn)), actions);
    }
    // Services have no IAM policies, and whoever is named in the key's own account needs none; of everybody else nobody
    // knows who is meant.
    return { kind: "not-needed" };
  }

  #needed(consumers: readonly ConsumerStatement[] | undefined, actions: readonly string[]): IdentityHalf {
    const known = (consumers ?? []).filter(({ statement }) =>
      actionsOf(statement.action).some((action) => actions.includes(action)),
    );
    return { kind: "needed", known };
  }
}

function append<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

/** Attachments know a role's name and not its path; a session is its role. */
function withoutPath(arn: string): string {
  const requester = parseRequester(arn);
  if (requester === undefined || requester.kind === "service") return arn;
  const kinds = { role: "role", "role-session": "role", user: "user", "federated-user": "user", root: "root" };
  return `arn:${requester.partition}:iam::${requester.accountId}:${kinds[requester.kind]}/${requester.name}`;
}

/** Takes away what a Deny surely denies, and notes what it may deny. */
function withoutDenied(index: AccessIndex, row: Access, denies: readonly Statement[]): Access {
  const requester = requesterOf(row.who);
  let { actions } = row;
  const unless: Statement[] = [];
  for (const deny of denies) {
    // "The kms:RetireGrant permission is not effective in a key policy."
    const touched = actionsOf(deny.action).filter((action) => action !== "kms:RetireGrant" && actions.includes(action));
    if (touched.length === 0) continue;
    const truths = denyTruths(index, row.key, deny, requester, touched);
    actions = actions.filter((action) => truths.get(action) !== true);
    if ([...truths.values()].includes("unknown")) unless.push(deny);
  }
  return { ...row, actions, unless };
}

/** Whether a Deny applies, by action. Actions whose requests have the same context keys share an answer. */
function denyTruths(
  index: AccessIndex,
  key: KeyEntry,
  deny: Statement,
  requester: Requester | undefined,
  actions: readonly string[],
): ReadonlyMap<string, Truth> {
  const ordinary = actions.find((action) => !hasOwnContextKeys(action));
  const truth = (action: string): Truth =>
    requester === undefined
      ? "unknown"
      : matchStatement(
          deny,
          newRequest({
            principal: requester,
            action,
            resource: key.resource,
            implied: impliedContext(requester, key, action, index.places),
          }),
        ).applies;
  const shared = ordinary === undefined ? false : truth(ordinary);
  return new Map(actions.map((action) => [action, hasOwnContextKeys(action) ? truth(action) : shared]));
}
