import { actionsAmong, actionsText } from "../access/key-actions";
import type { Statement } from "../access/policy-statement";
import { statementDetail } from "../access/statement-detail";
import { whoIsMeant, whoName } from "../access/who";
import { actionsOf } from "../access/who-can";
import { accountRootArn, iamPrincipalArn } from "../aws/arn";
import { kmsActions } from "../aws/kms-actions";
import { deniesOthers } from "./evidence/denies-others";
import { unreadPolicy } from "./evidence/unread-policy";
import type { Check, CheckedKey, Violation } from "./frame/check";

/**
 * Both halves: nobody else is named in an Allow, and a Deny keeps the IAM of the owner's account, its root user included,
 * from giving it to others. What a hand adds to an Allow counts although that Deny holds: with the Deny gone it would
 * be in force.
 */
export const check: Check = {
  id: "break-glass-destroys",
  kind: "hygiene",
  severity: "critical",
  requirement:
    "Only the zone's break-glass role disables a key, schedules its deletion or deletes its imported material.",
  reason: "Data under a deleted key is lost for good, and under a disabled one until somebody notices.",
  fix: "leave these actions to the break-glass role, and deny them to the account's root where aws:PrincipalArn is not that role",
  inKey: (key) => [...unreadPolicy(key, "who destroys the key"), ...otherDestroyers(key), ...withoutDeny(key)],
};

function otherDestroyers({ entry, zone }: CheckedKey): Violation[] {
  const { stack, key, accountId } = entry;
  const breakGlass = iamPrincipalArn(zone.partition, accountId, zone.breakGlass);
  const statements = key.policy?.statements ?? [];
  return statements.flatMap((statement): Violation[] => {
    const destroying = actionsAmong(actionsOf(statement.action), kmsActions.destroying);
    if (statement.effect === "Deny" || destroying.length === 0) return [];
    return whoIsMeant(statement.principal)
      .map(({ who }) => who)
      .filter((who) => who.kind !== "account" || who.accountId !== accountId)
      .filter((who) => who.kind !== "principal" || who.arn !== breakGlass)
      .map((who) => ({
        stack,
        address: key.address,
        detail: [statementDetail(statement, statements), whoName(who)],
        why: `lets ${whoName(who)} destroy the key (${actionsText(destroying)}), and the zone leaves that to ${zone.breakGlass}`,
        place: statement,
      }));
  });
}

function withoutDeny({ entry, zone }: CheckedKey): Violation[] {
  const { stack, key, accountId } = entry;
  const { policy } = key;
  if (policy === undefined) return [];
  const root = accountRootArn(zone.partition, accountId);
  const breakGlass = iamPrincipalArn(zone.partition, accountId, zone.breakGlass);
  const kept = (action: string): boolean =>
    policy.statements.some((statement: Statement) => deniesOthers(statement, action, root, breakGlass));
  const loose = kmsActions.destroying.filter((action) => !kept(action));
  if (loose.length === 0) return [];
  return [
    {
      stack,
      address: key.address,
      detail: [root],
      why: `no Deny keeps ${actionsText(loose)} from everybody in the account but ${zone.breakGlass}`,
      place: policy,
    },
  ];
}
