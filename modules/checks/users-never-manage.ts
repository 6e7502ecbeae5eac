import { actionsAmong, actionsText, managingActions, usingActions } from "../access/key-actions";
import { permissionSetPatterns } from "../access/permission-set-bound";
import type { Statement } from "../access/policy-statement";
import { parseRequester } from "../access/requester";
import { statementDetail } from "../access/statement-detail";
import { type Who, whoByName, whoIsMeant, whoName } from "../access/who";
import { actionsOf } from "../access/who-can";
import type { ZoneBoundary } from "../access/zone-boundary";
import { exampleOfPattern } from "../aws/permission-set";
import type { Duty } from "../policies/duty-needs";
import { dutyHolders, dutyIn } from "./evidence/duty-holders";
import { grantsOnlyUsers, isServiceLinked, onlyForAwsResources } from "./evidence/grant-creation";
import { principalIdentity } from "./evidence/principal-identity";
import { reachOfStatement } from "./evidence/statement-reach";
import { throughDetail, throughPlace } from "./evidence/through";
import { unreadPolicy } from "./evidence/unread-policy";
import type { Check, CheckedKey, CheckedOutput, Violation } from "./frame/check";

/**
 * As the key policy is written: administration that AWS ignores, because the user is in another account, is a mistake all
 * the same. Users of the owner's account are also kept from what its IAM policies could give them. Who manages without
 * using is `zone-managers`' question.
 */
export const check: Check = {
  id: "users-never-manage",
  kind: "hygiene",
  severity: "high",
  requirement: "Whoever uses a key neither manages it nor gives its use away at will.",
  reason: "A user who rewrites the key policy, or grants the key, decides alone who reads the data.",
  fix: "take the action out, or use a role of its own for it",
  inKey: (key, output) => {
    const users = usersOf(key);
    return [
      ...unreadPolicy(key, "whether users manage the key"),
      ...byName(key, users, output),
      ...throughIam(key, users, output),
      ...passedOn(key),
    ];
  },
};

/** ARNs and names of everybody who is named and may use the key or give its use away, whatever a Deny takes back. */
function usersOf({ entry }: CheckedKey): ReadonlySet<string> {
  const { policy, grants } = entry.key;
  const using = (policy?.statements ?? []).filter(
    ({ effect, action }) => effect === "Allow" && actionsAmong(actionsOf(action), usingActions).length > 0,
  );
  const granted = grants.filter(
    ({ operations }) =>
      actionsAmong(
        operations.map((name) => `kms:${name}`),
        usingActions,
      ).length > 0,
  );
  const users = [
    ...using.flatMap(({ principal }) => whoIsMeant(principal).map(({ who }) => who)),
    ...using.flatMap(({ conditions }) =>
      (permissionSetPatterns(conditions) ?? []).map(exampleOfPattern).map(whoByName),
    ),
    ...granted.map(({ grantee }) => whoByName(grantee)),
  ];
  return new Set(users.filter((who) => !isOwner(who, entry.accountId)).map(whoName));
}

function byName(key: CheckedKey, users: ReadonlySet<string>, output: CheckedOutput): Violation[] {
  const { stack, key: resource, accountId } = key.entry;
  const statements = resource.policy?.statements ?? [];
  const identities = new Set([...users].map(identityOf));
  return statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) =>
      whoIsMeant(statement.principal).flatMap(({ who }): Violation[] => {
        if (isOwner(who, accountId)) return [];
        const mayUse = identities.has(identityOf(whoName(who))) || who.kind === "everybody" || who.kind === "unknown";
        const found = [
          ...(mayUse ? management(statement, who, key, output) : []),
          ...creation(statement, who, key, output),
        ];
        if (found.length === 0) return [];
        return [
          {
            stack,
            address: resource.address,
            detail: [statementDetail(statement, statements), whoName(who)],
            why: `lets ${whoName(who)} ${found.join(" and ")}`,
            place: statement,
          },
        ];
      }),
    );
}

/** AWS services revoke their grants with the permissions of whoever uses them. */
const managingOrRevoking: readonly string[] = [...managingActions, "kms:RevokeGrant"];
const creating: readonly string[] = ["kms:CreateGrant"];
const managingDuties: readonly Duty[] = ["administrator", "break-glass role", "deploy role"];

function management(statement: Statement, who: Who, key: CheckedKey, output: CheckedOutput): string[] {
  const managing = onlyForAwsResources(statement) ? managingActions : managingOrRevoking;
  const actions = named(statement, who, key, output, managing);
  if (actions.length === 0 || isManager(who, key)) return [];
  return [`manage the key (${actionsText(actions)}), and who uses a key never manages it`];
}

/** A manager's are `administrators-never-use`'s question. */
function creation(statement: Statement, who: Who, key: CheckedKey, output: CheckedOutput): string[] {
  const { zone } = key;
  if (who.kind === "principal" && dutyIn(zone, who.arn) !== undefined) return [];
  if (named(statement, who, key, output, creating).length === 0) return [];
  if (onlyForAwsResources(statement) || grantsOnlyUsers(statement, zone, output.zones)) return [];
  return ["create grants for others than AWS services and users of the zone that the statement writes out"];
}

/** What a statement gives to somebody whom it names, less what is surely denied. */
function named(
  statement: Statement,
  who: Who,
  { entry }: CheckedKey,
  { index }: CheckedOutput,
  actions: readonly string[],
): readonly string[] {
  if (who.kind === "principal") return reachOfStatement(statement, who.arn, entry, index, actions).named;
  return actionsAmong(actionsOf(statement.action), actions);
}

/** IAM of the owner's account could give its users what the key policy lets the account give. */
function throughIam(key: CheckedKey, users: ReadonlySet<string>, { index }: CheckedOutput): Violation[] {
  const { entry, zone } = key;
  const statements = entry.key.policy?.statements ?? [];
  const delegating = statements.filter(
    ({ effect, action }) => effect === "Allow" && actionsAmong(actionsOf(action), managingActions).length > 0,
  );
  const local = [...users].filter((user) => isManagedByIam(user, entry.accountId, zone));
  return delegating.flatMap((statement) =>
    local.flatMap((user): Violation[] => {
      const { delegated } = reachOfStatement(statement, user, entry, index, managingActions);
      if (delegated.length === 0) return [];
      return [
        {
          stack: entry.stack,
          address: entry.key.address,
          detail: [statementDetail(statement, statements), user],
          why: `lets IAM policies of the account make ${user}, who uses the key, its manager (${actionsText(delegated)})`,
          place: statement,
          fix: "deny the account's root these actions where aws:PrincipalArn is one of the key's users",
        },
      ];
    }),
  );
}

/** AWS alone writes the policies of service-linked roles. */
function isManagedByIam(user: string, accountId: string, zone: ZoneBoundary): boolean {
  const requester = parseRequester(user);
  return (
    requester !== undefined &&
    requester.kind !== "service" &&
    requester.accountId === accountId &&
    !isServiceLinked(user) &&
    dutyIn(zone, user) === undefined
  );
}

/**
 * A grantee with CreateGrant passes on what it has, to anybody in any account.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html
 */
function passedOn({ entry, access }: CheckedKey): Violation[] {
  return access.access.flatMap((row): Violation[] => {
    const { who, through } = row;
    if (through.kind !== "grant" || actionsAmong(row.actions, creating).length === 0) return [];
    if (who.kind === "service" || (who.kind === "principal" && isServiceLinked(who.arn))) return [];
    return [
      {
        stack: entry.stack,
        address: entry.key.address,
        detail: [...throughDetail(row), whoName(who)],
        why: `lets ${whoName(who)} grant what it has to anybody`,
        place: throughPlace(row),
        fix: "take CreateGrant out of the grant's operations, and give everybody who needs the key a grant of its own",
      },
    ];
  });
}

function isManager(who: Who, { entry, zone }: CheckedKey): boolean {
  return (
    who.kind === "principal" &&
    dutyHolders(zone, entry.accountId).some(({ duty, arn }) => arn === who.arn && managingDuties.includes(duty))
  );
}

function isOwner(who: Who, accountId: string): boolean {
  return who.kind === "account" && who.accountId === accountId;
}

function identityOf(name: string): string {
  return principalIdentity(name) ?? name;
}
