import { parseIamPrincipalArn } from "../aws/arn";
import { allKeyActions } from "../aws/kms-actions";
import type { PolicyCondition, PolicyDocument, PolicyPrincipal, PolicyStatement } from "./policy-document";

/** A statement as it works: whom it names, and the actions on keys that its patterns stand for. */
export interface StatementReach {
  readonly statement: PolicyStatement;
  readonly principals: readonly string[];
  /** With `NotAction` all that its patterns do not stand for. */
  readonly actions: ReadonlySet<string>;
  /** Patterns that stand for no action on keys. */
  readonly unknownActions: readonly string[];
}

/** The statements of a policy, each taken apart once. */
export function reachOf(document: PolicyDocument): StatementReach[] {
  return document.Statement.map(reachOfStatement);
}

export function reachOfStatement(statement: PolicyStatement): StatementReach {
  const { Action, NotAction } = statement;
  const written = new Set<string>();
  const unknownActions: string[] = [];
  for (const pattern of [...(Action ?? []), ...(NotAction ?? [])]) {
    const matching = matchingActions(pattern);
    if (matching.length === 0) unknownActions.push(pattern);
    for (const action of matching) written.add(action);
  }
  const actions = NotAction === undefined ? written : new Set(allKeyActions.filter((action) => !written.has(action)));
  return { statement, principals: namesOf(statement.Principal), actions, unknownActions };
}

/** Everybody that a principal element writes out. */
export function namesOf(principal: PolicyPrincipal | undefined): string[] {
  return [...(principal?.AWS ?? []), ...(principal?.Service ?? [])];
}

/**
 * Whether a statement could concern a principal: it, its whole account or everybody is named, and no condition on
 * `aws:PrincipalArn` or `aws:PrincipalAccount` leaves it out for certain. Every other condition is taken to hold.
 */
export function couldConcern({ statement, principals }: StatementReach, principal: string): boolean {
  const account = parseIamPrincipalArn(principal);
  const named = principals.some((each) => {
    if (each === principal || each === "*") return true;
    const whole = parseIamPrincipalArn(each);
    return whole?.kind === "root" && whole.accountId === account?.accountId && whole.partition === account.partition;
  });
  return named && !leavesOut(statement.Condition, principal);
}

/** Whether a condition on who the principal is, or on its account, is false for it, whatever else the request has. */
export function leavesOut(condition: PolicyCondition | undefined, principal: string): boolean {
  return Object.entries(condition ?? {}).some(([operator, keys]) =>
    Object.entries(keys).some(([key, values]) => {
      const own = ownValue(key.toLowerCase(), principal);
      // What AWS makes of an account as an ARN is not documented.
      if (own === undefined || (operator.startsWith("Arn") && !own.startsWith("arn:"))) return false;
      if (/^(Arn|String)Not(Equals|Like)$/.test(operator)) return values.includes(own);
      if (!/^(Arn|String)(Equals|Like)$/.test(operator)) return false;
      // A variable could be anything. ArnLike's wildcards stay within one part of an ARN, and mean no more than these.
      return values.every((value) =>
        /[*?$]/.test(value)
          ? !value.includes("$") && !wildcardMatcher(value).test(own)
          : value.toLowerCase() !== own.toLowerCase(),
      );
    }),
  );
}

function ownValue(key: string, principal: string): string | undefined {
  if (key === "aws:principalarn") return principal;
  return key === "aws:principalaccount" ? parseIamPrincipalArn(principal)?.accountId : undefined;
}

const actionByLowerCase: ReadonlyMap<string, string> = new Map(
  allKeyActions.map((action) => [action.toLowerCase(), action]),
);

/** IAM ignores the case of actions, and `*` and `?` stand for any characters. */
function matchingActions(pattern: string): string[] {
  if (!/[*?]/.test(pattern)) {
    const action = actionByLowerCase.get(pattern.toLowerCase());
    return action === undefined ? [] : [action];
  }
  const matcher = wildcardMatcher(pattern);
  return allKeyActions.filter((action) => matcher.test(action));
}

function wildcardMatcher(pattern: string): RegExp {
  const expression = pattern
    .split(/([*?])/)
    .map((part) => (part === "*" ? ".*" : part === "?" ? "." : part.replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&")))
    .join("");
  return new RegExp(`^${expression}$`, "i");
}
