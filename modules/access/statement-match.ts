import { type KeyBehindAlias, parseKeyBehindAlias } from "../aws/key-behind-alias";
import { matchArn } from "./arn-match";
import { evaluateCondition } from "./condition/evaluate-condition";
import type { Condition, PatternElement, Statement } from "./policy-statement";
import { resolveVariables } from "./policy-variables";
import { matchPrincipal } from "./principal-match";
import { contextValue, type Request } from "./request";
import { all, any, not, type Truth } from "./truth";
import { matchPattern, matchWildcards, parsePattern } from "./wildcard";

/** What came of holding one statement against one request. */
export interface StatementMatch {
  readonly statement: Statement;
  readonly applies: Truth;
  /** The part of `applies` that holds for the requester itself; statements without a Principal hold for their owner. */
  readonly named: Truth;
  /** The part that holds for the requester's whole account. */
  readonly account: Truth;
  /** The first element that does not match, or cannot be decided; undefined when the statement applies. */
  readonly mismatch: Mismatch | undefined;
}

export interface Mismatch {
  readonly element: "Action" | "Principal" | "Resource" | "Condition" | "Statement";
  /** The condition, where one failed. */
  readonly condition?: Condition;
  readonly truth: false | "unknown";
  readonly expected: string;
  readonly actual: string;
}

/**
 * A statement applies when its Principal, Action and Resource match the request and all of its conditions hold.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function matchStatement(statement: Statement, request: Request): StatementMatch {
  let mismatch: Mismatch | undefined;
  const note = (truth: Truth, found: () => Omit<Mismatch, "truth">): Truth => {
    if (truth === false ? mismatch?.truth !== false : truth === "unknown" && mismatch === undefined) {
      mismatch = { ...found(), truth: truth === false ? false : "unknown" };
    }
    return truth;
  };
  const never: Pick<StatementMatch, "applies" | "named" | "account"> = { applies: false, named: false, account: false };

  const action = note(matchAction(statement.action, request.action), () => ({
    element: "Action",
    expected: listed(statement.action, "Action"),
    actual: request.action,
  }));
  if (action === false) return { statement, ...never, mismatch };

  const { principal } = statement;
  const who =
    principal === undefined ? { named: true as const, account: false as const } : matchPrincipal(principal, request);
  const meant = note(any([who.named, who.account]), () => ({
    element: "Principal",
    expected: `${principal?.negated ? "NotPrincipal " : ""}${principal?.names.map((name) => name.value).join(", ")}`,
    actual: requesterText(request),
  }));
  if (meant === false) return { statement, ...never, mismatch };

  const resource = note(matchResource(statement.resource, request, statement.hasVariables), () => ({
    element: "Resource",
    expected: listed(statement.resource, "Resource"),
    actual: request.resource.open ? `${request.resource.arn}…` : request.resource.arn,
  }));
  if (resource === false) return { statement, ...never, mismatch };

  const conditions: Truth[] = [];
  for (const condition of statement.conditions) {
    const truth = note(evaluateCondition(condition, request, statement.hasVariables), () => ({
      element: "Condition",
      condition,
      expected: `${condition.operator} ${condition.key} ${condition.values.join(", ")}`,
      actual: contextText(request, condition.key),
    }));
    if (truth === false) return { statement, ...never, mismatch };
    conditions.push(truth);
  }
  const understood = note(statement.understood ? true : "unknown", () => ({
    element: "Statement",
    expected: "only elements that are understood here",
    actual: "something else",
  }));
  const rest = all([action, resource, ...conditions, understood]);
  const [named, account] = [all([who.named, rest]), all([who.account, rest])];
  return { statement, applies: any([named, account]), named, account, mismatch };
}

/** Names of actions are not case-sensitive. */
export function matchAction(element: PatternElement, action: string): Truth {
  const known = actionTruths.get(element) ?? new Map<string, Truth>();
  actionTruths.set(element, known);
  const before = known.get(action);
  if (before !== undefined) return before;
  const matching = any(element.patterns.map((pattern) => matchWildcards(pattern, action, { ignoreCase: true })));
  const truth = element.negated ? not(matching) : matching;
  known.set(action, truth);
  return truth;
}

/** Statements share their lists of actions, and each is asked for the same few actions. */
const actionTruths = new WeakMap<PatternElement, Map<string, Truth>>();

/**
 * Matches `Resource` or `NotResource`. In a key policy `*` means the key that the policy is attached to.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
function matchResource(element: PatternElement, request: Request, hasVariables: boolean): Truth {
  // "The resource that includes a policy variable with no value will not match any resource": clear for Resource, and open
  // to both readings for NotResource.
  const withoutValue = element.negated ? "unknown" : false;
  const truth = any(element.patterns.map((pattern) => matchOneResource(pattern, request, hasVariables, withoutValue)));
  return element.negated ? not(truth) : truth;
}

function matchOneResource(text: string, request: Request, hasVariables: boolean, withoutValue: Truth): Truth {
  if (text === "*") return true;
  const lookup = parseKeyBehindAlias(text);
  if (lookup !== undefined) return matchKeyBehindAlias(lookup, request);
  const { arn, open } = request.resource;
  const pattern = hasVariables ? resolveVariables(text, request) : parsePattern(text);
  if (pattern === "null") return withoutValue;
  // Variables are for the resource portion of the ARN alone.
  if (pattern === "unknown" || (hasVariables && text.split(":", 5).join(":").includes("${"))) return "unknown";
  const byComponent = matchArn(pattern, arn, { open });
  // A wildcard is for one component of the ARN; what only matches across colons is not documented.
  return byComponent === matchPattern(pattern, arn, { open }) ? byComponent : "unknown";
}

/** The key has the alias, in that account and Region. */
function matchKeyBehindAlias({ partition, region, accountId, alias }: KeyBehindAlias, request: Request): Truth {
  if (!request.resource.arn.startsWith(`arn:${partition}:kms:${region}:${accountId}:key/`)) return false;
  const aliases = contextValue(request, "kms:ResourceAliases");
  return aliases === "unknown" ? "unknown" : aliases !== "absent" && aliases.includes(alias);
}

function listed(element: PatternElement, name: string): string {
  return `${element.negated ? `Not${name} ` : ""}${element.patterns.join(", ")}`;
}

export function requesterText(request: Request): string {
  return request.principal.kind === "service" ? request.principal.name : request.principal.arn;
}

function contextText(request: Request, key: string): string {
  const value = contextValue(request, key);
  return typeof value === "string" ? value : value.join(", ");
}
