import { remembered } from "../aws/remembered";
import type { PatternElement } from "./policy-statement";
import { matchAction } from "./statement-match";
import { possible } from "./truth";
import { actionsOf } from "./who-can";
import { matchWildcards } from "./wildcard";

/**
 * Actions of AWS KMS that concern no key but the caller's account: their only resource is `*`.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
const accountActions = [
  "kms:ConnectCustomKeyStore",
  "kms:CreateCustomKeyStore",
  "kms:CreateKey",
  "kms:DeleteCustomKeyStore",
  "kms:DescribeCustomKeyStores",
  "kms:DisconnectCustomKeyStore",
  "kms:GenerateRandom",
  "kms:ListAliases",
  "kms:ListKeys",
  "kms:ListRetirableGrants",
  "kms:UpdateCustomKeyStore",
];

/** Whether an Action element may allow something on keys. What nobody knows here may be tomorrow's action. */
export function concernsKeys(element: PatternElement): boolean {
  if (actionsOf(element).length > 0 || unknownKeyActions(element).length > 0) return true;
  return element.negated && possible(matchAction(element, "kms:ActionOfTomorrow"));
}

/** The patterns that are KMS's, and match no action known here. */
export function unknownKeyActions({ negated, patterns }: PatternElement): readonly string[] {
  return negated ? [] : patterns.filter(isUnknownKeyAction);
}

const isUnknownKeyAction = remembered(
  (pattern) =>
    isOfKms(pattern) && actionsOf({ negated: false, patterns: [pattern] }).length === 0 && !isAccountAction(pattern),
);

/** A pattern's service part, or all of one that has no colon. */
function isOfKms(pattern: string): boolean {
  return possible(matchWildcards(pattern.split(":")[0] ?? "", "kms", { ignoreCase: true }));
}

function isAccountAction(pattern: string): boolean {
  return accountActions.some((action) => possible(matchWildcards(pattern, action, { ignoreCase: true })));
}
