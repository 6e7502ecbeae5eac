import type { Grant, GrantConstraint } from "../../access/grant-match";
import { isAccountId } from "../../aws/account-id";
import { nameOrder, uniqueNames } from "../../aws/name-order";
import { isUniqueId } from "../../aws/unique-id";
import type { LiveGrant } from "../../live/live-account";

/** A part of what a grant says, in words for people. */
export type GrantPart = "constraint" | "grantee" | "operations" | "retiring principal";

/** What a grant says, in a form in which equal grants are equal texts. */
export type GrantContent = Readonly<Record<GrantPart, string>>;

export const grantParts: readonly GrantPart[] = ["constraint", "grantee", "operations", "retiring principal"];

export function contentOf({ grantee, retiring, operations, constraint }: Grant): GrantContent {
  return content(grantee, retiring, operations, constraint === undefined ? "" : constraintText(constraint));
}

export function contentOfLive(grant: LiveGrant): GrantContent {
  const { grantee, retiring, operations, equals, subset, sourceArn, namesService } = grant;
  const constraints = [
    ...(equals === undefined ? [] : [constraintText({ kind: "equals", pairs: equals })]),
    ...(subset === undefined ? [] : [constraintText({ kind: "subset", pairs: subset })]),
    ...(sourceArn === undefined ? [] : [`source ${sourceArn}`]),
  ];
  // No reviewed grant names a service in this way.
  const names = (principal: string): string => (namesService ? `service principal ${principal}` : principal);
  const constraint = constraints.filter((text) => text !== "").join(" and ");
  return content(names(grantee), retiring === undefined ? undefined : names(retiring), operations, constraint);
}

function content(
  grantee: string,
  retiring: string | undefined,
  operations: readonly string[],
  constraint: string,
): GrantContent {
  return {
    constraint,
    grantee: canonicalPrincipal(grantee),
    operations: uniqueNames(operations).join(", "),
    "retiring principal": retiring === undefined ? "" : canonicalPrincipal(retiring),
  };
}

/** AWS KMS answers with the ARN of an account's root for the account's id. */
function canonicalPrincipal(principal: string): string {
  return /^arn:[a-z-]+:iam::(\d{12}):root$/.exec(principal)?.[1] ?? principal;
}

/** `encryption context has app=orders`; the order of the pairs says nothing, and none is no constraint. */
function constraintText({ kind, pairs }: GrantConstraint): string {
  const texts = Object.entries(pairs)
    .sort(([a], [b]) => nameOrder(a, b))
    .map(([name, value]) => `${JSON.stringify(name)}=${JSON.stringify(value)}`);
  if (texts.length === 0) return "";
  return `encryption context ${kind === "equals" ? "is" : "has"} ${texts.join(" ")}`;
}

/** Whether nobody can ever be the principal again, whatever has its name now: a role or user that is gone, or a session of one. */
export function isDeletedPrincipal(principal: string): boolean {
  const [id = ""] = principal.split(":");
  return isUniqueId(id);
}

/** `account 310000000001`, or the principal as AWS names it. */
export function principalText(principal: string): string {
  const account = canonicalPrincipal(principal);
  return isAccountId(account) ? `account ${account}` : principal;
}
