import { parseIamPrincipalArn } from "../aws/arn";
import { allKeyActions } from "../aws/kms-actions";
import type { PolicyCondition, PolicyDocument, PolicyStatement } from "./policy-document";

/** A statement as it works: whom it names, and the actions on keys that its patterns stand for. */
export interface StatementReach {
  readonly statement: PolicyStatement;
  readonly principals: readonly string[];
  readonly actions: ReadonlySet<string>;
  /** Patterns that stand for no action on keys. */
  readonly unknownActions: readonly string[];
}

/** The statements of a policy, each taken apart once. */
export function reachOf(document: PolicyDocument): StatementReach[] {
  return document.Statement.map((statement) => {
    const actions = new Set<string>();
    const unknownActions: string[] = [];
    for (const pattern of statement.Action) {
      const matching = matchingActions(pattern);
      if (matching.length === 0) unknownActions.push(pattern);
      for (const action of matching) actions.add(action);
    }
    const principals = [...(statement.Principal?.AWS ?? []), ...(statement.Principal?.Service ?? [])];
    return { statement, principals, actions, unknownActions };
  });
}

/**
 * Whether a statement could concern a principal: it is named, or its whole account is, and no condition on
 * `aws:PrincipalArn` leaves it out for certain. Every other condition is taken to hold.
 */
export function couldConcern({ statement, principals }: StatementReach, principal: string): boolean {
  const account = parseIamPrincipalArn(principal);
  const named = principals.some((each) => {
    if (each === principal) return true;
    const whole = parseIamPrincipalArn(each);
    return whole?.kind === "root" && whole.accountId === account?.accountId && whole.partition === account.partition;
  });
  return named && !leavesOut(statement.Condition, principal);
}

/** Whether a condition on `aws:PrincipalArn` is false for this principal, whatever else the request has. */
export function leavesOut(condition: PolicyCondition | undefined, principal: string): boolean {
  return Object.entries(condition ?? {}).some(([operator, keys]) =>
    Object.entries(keys).some(([key, values]) => {
      if (key.toLowerCase() !== "aws:principalarn") return false;
      if (/^(Arn|String)Not(Equals|Like)$/.test(operator)) return values.includes(principal);
      if (!/^(Arn|String)(Equals|Like)$/.test(operator)) return false;
      // A variable could be anything. ArnLike's wildcards stay within one part of an ARN, and mean no more than these.
      return values.every((value) => !value.includes("$") && !wildcardMatcher(value).test(principal));
    }),
  );
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
