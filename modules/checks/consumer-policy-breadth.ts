import { worksAcrossAccounts } from "../access/cross-account-actions";
import { actionsAmong, actionsText } from "../access/key-actions";
import type { Statement } from "../access/policy-statement";
import { statementDetail } from "../access/statement-detail";
import type { StackIdentityPolicy, SynthesizedStack } from "../access/synthesized-stack";
import { actionsOf } from "../access/who-can";
import { uniqueNames } from "../aws/name-order";
import { aliasesNamed, hasAliasedKey, isHandedOver, parseConsumedKeys } from "./evidence/consumed-keys";
import { grantsOnlyUsers, onlyForAwsResources } from "./evidence/grant-creation";
import type { Check, CheckedOutput, Violation } from "./frame/check";

/**
 * The user's half stays as narrow as the owner's: a key policy that is opened by mistake then opens nothing by itself. An
 * alias that no stack has is a policy that waits: it holds from the day on which somebody creates that alias. A Deny only
 * takes away.
 *
 * Sources: https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html (KMS.1) and
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export const check: Check = {
  id: "consumer-policy-breadth",
  kind: "hygiene",
  severity: "high",
  requirement:
    "A consumer policy allows the use of keys that it writes out by account, Region and alias, and nothing else.",
  reason: "An IAM policy for all keys works on every key whose policy ever lets the account in.",
  fix: "write out the actions of use, the owner's account and Region in Resource, and the alias in ForAnyValue:StringEquals kms:ResourceAliases",
  // The keys that a policy means are in other stacks.
  inOutput: (output) =>
    output.index.stacks.flatMap((stack) =>
      stack.identityPolicies.flatMap((identity) => inPolicy(stack, identity, output)),
    ),
};

/** What is too broad about a statement, and which part of it. */
interface Breadth {
  readonly part: string;
  readonly why: string;
}

function inPolicy(stack: SynthesizedStack, identity: StackIdentityPolicy, output: CheckedOutput): Violation[] {
  const { address, policy } = identity;
  const unread: Violation[] =
    policy?.understood === true
      ? []
      : [
          {
            stack,
            address,
            detail: ["policy"],
            why: `${policy === undefined ? "the policy is missing or cannot be read" : "a part of the policy cannot be read"}, so that nobody can tell what it allows`,
            place: { document: identity.document, path: identity.path },
          },
        ];
  const statements = policy?.statements ?? [];
  return [
    ...unread,
    ...statements
      .filter(({ effect }) => effect === "Allow")
      .flatMap((statement) =>
        [
          ...unreadStatement(statement),
          ...inActions(statement, stack, output),
          ...inResources(statement),
          ...withoutKey(statement, output),
        ].map(({ part, why }) => ({
          stack,
          address,
          detail: [statementDetail(statement, statements), part],
          why,
          place: statement,
        })),
      ),
  ];
}

function unreadStatement({ understood }: Statement): Breadth[] {
  return understood ? [] : [{ part: "as a whole", why: "cannot be read in every part, and may allow anything" }];
}

function inActions(statement: Statement, stack: SynthesizedStack, { zones }: CheckedOutput): Breadth[] {
  const { action } = statement;
  if (action.negated) {
    const part = `NotAction ${action.patterns.join(", ")}`;
    return [{ part, why: "allows every action of every AWS service but those that NotAction names" }];
  }
  const tooMany = uniqueNames(action.patterns).flatMap((pattern): Breadth[] => {
    const meant = actionsOf({ negated: false, patterns: [pattern] });
    const others = meant.filter((each) => !worksAcrossAccounts(each));
    if (!/^kms:/i.test(pattern) || meant.length === 0) {
      return [{ part: pattern, why: `allows ${pattern}, which is no use of a key` }];
    }
    if (others.length === 0) return [];
    return [
      { part: pattern, why: `allows ${pattern}, and with it the administration of keys: ${actionsText(others)}` },
    ];
  });
  const zone = zones.ofAccount(stack.accountId ?? "");
  const grants = actionsAmong(actionsOf(action), ["kms:CreateGrant", "kms:RevokeGrant"]);
  if (grants.length === 0 || onlyForAwsResources(statement)) return tooMany;
  // Requests to revoke a grant have no grantee: on that condition they are never allowed.
  if (zone !== undefined && grantsOnlyUsers(statement, zone, zones)) return tooMany;
  return [
    ...tooMany,
    {
      part: actionsText(grants),
      why: `allows ${actionsText(grants)} for others than AWS services and users of the zone that the statement writes out`,
    },
  ];
}

function inResources(statement: Statement): Breadth[] {
  const { resource } = statement;
  if (resource.negated) {
    const part = `NotResource ${resource.patterns.join(", ")}`;
    return [{ part, why: "allows it on every key but those that NotResource names" }];
  }
  const narrowed = aliasesNamed(statement) !== undefined;
  return uniqueNames(resource.patterns).flatMap((pattern): Breadth[] => {
    const keys = parseConsumedKeys(pattern);
    if (keys === undefined)
      return [{ part: pattern, why: `${pattern} is no key of one account and Region, written out` }];
    if (keys.single || narrowed) return [];
    return [{ part: pattern, why: `allows it on all keys of ${pattern}: no kms:ResourceAliases narrows it to some` }];
  });
}

/** Accounts that are pending or suspended have no stack: their keys come, or stay, without one. */
function withoutKey(statement: Statement, { index, zones, keys: mapped }: CheckedOutput): Breadth[] {
  if (statement.resource.negated) return [];
  return uniqueNames(statement.resource.patterns).flatMap((pattern) => {
    const keys = parseConsumedKeys(pattern);
    if (keys === undefined || zones.ofAccount(keys.accountId)?.inactiveAccounts.has(keys.accountId) === true) return [];
    return uniqueNames([...(aliasesNamed(statement) ?? []), ...(keys.alias === undefined ? [] : [keys.alias])])
      .filter((alias) => !hasAliasedKey(index, keys, alias) && !isHandedOver(mapped, keys, alias))
      .map((alias) => ({
        part: `${pattern} ${alias}`,
        why: `waits for a key: no stack has ${alias} in account ${keys.accountId} and Region ${keys.region}`,
      }));
  });
}
