import type { Grant } from "../access/grant-match";
import { actionsText } from "../access/key-actions";
import type { ContextValue, Request } from "../access/request";
import { parseRequester } from "../access/requester";
import { matchStatement } from "../access/statement-match";
import type { StackKey } from "../access/synthesized-stack";
import { possible } from "../access/truth";
import { accountRootArn, iamPrincipalArn } from "../aws/arn";
import { grantConstraintTypes } from "../aws/grant-constraint";
import { dutyNeedsOf } from "../policies/duty-needs";
import { dutyHolders } from "./evidence/duty-holders";
import { requestOf, surelyAllowed } from "./evidence/statement-reach";
import { unreadPolicy } from "./evidence/unread-policy";
import { userGrantsOn } from "./evidence/user-grants";
import type { Check, CheckedKey, CheckedOutput, Violation } from "./frame/check";

/**
 * AWS KMS itself only asks that the caller of PutKeyPolicy can call it again, and the bypass drops even that.
 *
 * A key without a policy of its own would get AWS's default, which names none of the zone's roles.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export const check: Check = {
  id: "key-lockout",
  kind: "hygiene",
  severity: "critical",
  requirement:
    "Every duty keeps what it cannot do without, allowed by name and without condition, and reached by no Deny that may apply.",
  reason: "A key that nobody can manage any more is mended by AWS Support, or never.",
  fix: "allow it by name and without condition, and drop the Deny that reaches it",
  inKey: (key, output) => [
    ...unreadPolicy(key, "who is locked out"),
    ...bypass(key),
    ...(key.entry.key.policy === undefined
      ? []
      : [...lockedOut(key, output), ...unplannable(key, output), ...unplannableElsewhere(key, output)]),
  ],
};

const bypassArgument = "bypass_policy_lockout_safety_check";

/** Terraform takes the texts true and false for the words; an expression may be either. */
function bypass({ entry }: CheckedKey): Violation[] {
  const { stack, key } = entry;
  if (!Object.hasOwn(key.arguments, bypassArgument)) return [];
  const value = key.arguments[bypassArgument];
  if (value === null || value === false || value === "false") return [];
  return [
    {
      stack,
      address: key.address,
      detail: [bypassArgument],
      why: `${bypassArgument} lets AWS KMS take a policy that locks its own author out`,
      place: { document: key.document, path: `${key.path}/${bypassArgument}` },
      fix: `drop ${bypassArgument}`,
    },
  ];
}

/** What somebody has to be able to do with the key. */
interface Need {
  readonly who: string;
  readonly arn: string;
  readonly actions: readonly string[];
}

function lockedOut({ entry, zone }: CheckedKey, { index }: CheckedOutput): Violation[] {
  const { stack, key, accountId } = entry;
  const root = accountRootArn(zone.partition, accountId);
  const origin = key.imported ? "EXTERNAL" : "AWS_KMS";
  const needs: readonly Need[] = [
    ...dutyHolders(zone, accountId).map(({ duty, arn }) => ({
      who: duty,
      arn,
      actions: dutyNeedsOf(duty, { origin }),
    })),
    { who: "account root", arn: root, actions: ["kms:PutKeyPolicy"] },
  ];
  return needs.flatMap(({ who, arn, actions }): Violation[] => {
    const kept = surelyAllowed(arn, entry, index, actions);
    const lost = actions.filter((action) => !kept.includes(action));
    if (lost.length === 0) return [];
    return [
      {
        stack,
        address: key.address,
        detail: [arn],
        why: `locks the ${who} out of ${actionsText(lost)}: no Allow gives it by name and without condition, or a Deny may apply`,
        place: key.policy,
      },
    ];
  });
}

/** Terraform would stop halfway, and lock nobody out: what the stack plans for the key, the deploy role has to be let do. */
function unplannable({ entry, zone }: CheckedKey, { index }: CheckedOutput): Violation[] {
  const { stack, key, accountId } = entry;
  const requester = parseRequester(iamPrincipalArn(zone.partition, accountId, zone.deployRole));
  if (requester === undefined) return [];
  const replicas = stack.keys.filter((other) => other.kind === "replica" && other.primary === key.address);
  const calls = [
    ...key.grants.map((grant) => ({
      action: "CreateGrant",
      subject: `grant ${grant.id}`,
      request: {
        ...requestOf(requester, entry, index, "kms:CreateGrant", grantContext(grant)),
        encryptionContext: grant.constraint?.pairs ?? {},
      },
    })),
    ...replicas.map(({ address, region }) => ({
      action: "ReplicateKey",
      subject: address,
      request: requestOf(requester, entry, index, "kms:ReplicateKey", { "kms:ReplicaRegion": [region] }),
    })),
  ];
  return calls
    .filter(({ request }) => !isPlanned(key, request))
    .map(({ action, subject }) => ({
      stack,
      address: key.address,
      detail: [subject],
      why: `does not surely let ${zone.deployRole} call ${action} for ${subject}`,
      place: key.policy,
      fix: "synthesize the stack again from the map, so that policy and resources go together",
      severity: "medium",
    }));
}

/** The same of the grants that the map puts into the stacks of the key's users. */
function unplannableElsewhere(checked: CheckedKey, output: CheckedOutput): Violation[] {
  const { entry } = checked;
  const { stack, key } = entry;
  return userGrantsOn(checked, output).flatMap((grant): Violation[] => {
    const { deployRole, id, constraint } = grant;
    const requester = parseRequester(deployRole);
    if (requester === undefined) return [];
    const context = grantContext({ ...grant, retiring: deployRole });
    const request = (action: string, known = {}): Request => requestOf(requester, entry, output.index, action, known);
    const requests = [
      request("kms:DescribeKey"),
      request("kms:ListGrants", { "kms:GrantIsForAWSResource": ["false"] }),
      { ...request("kms:CreateGrant", context), encryptionContext: constraint?.pairs ?? {} },
    ];
    if (requests.every((each) => isPlanned(key, each))) return [];
    return [
      {
        stack,
        address: key.address,
        detail: [`grant ${id}`, deployRole],
        why: `does not surely let ${deployRole} find the key and make grant ${id} of its own stack`,
        place: key.policy,
        fix: "synthesize the stack again from the map, so that policy and resources go together",
        severity: "medium",
      },
    ];
  });
}

/** What a request to create this grant says; a grant that Terraform creates is for no AWS service. */
function grantContext({
  grantee,
  operations,
  constraint,
  retiring,
}: Pick<Grant, "grantee" | "operations" | "constraint" | "retiring">): Record<string, ContextValue> {
  return {
    "kms:GrantConstraintType": constraint === undefined ? "absent" : [grantConstraintTypes[constraint.kind]],
    "kms:GrantIsForAWSResource": ["false"],
    "kms:GrantOperations": operations,
    "kms:GranteePrincipal": [grantee],
    "kms:RetiringPrincipal": retiring === undefined ? "absent" : [retiring],
  };
}

/** An Allow surely gives it by name, and no Deny may reach it. */
function isPlanned({ policy }: StackKey, request: Request): boolean {
  const statements = policy?.statements ?? [];
  const allows = statements.filter(({ effect }) => effect === "Allow");
  const denies = statements.filter(({ effect }) => effect === "Deny");
  return (
    allows.some((allow) => matchStatement(allow, request).named === true) &&
    !denies.some((deny) => possible(matchStatement(deny, request).applies))
  );
}
