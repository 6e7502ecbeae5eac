import { actionsAmong, actionsText, managingActions, usingActions } from "../access/key-actions";
import { unknownKeyActions } from "../access/kms-patterns";
import type { Condition, Statement } from "../access/policy-statement";
import { boundsOfStatement } from "../access/principal-bounds";
import { statementDetail } from "../access/statement-detail";
import { type Meant, type Who, whoIsMeant, whoName } from "../access/who";
import { actionsOf } from "../access/who-can";
import type { ZoneBoundary } from "../access/zone-boundary";
import type { Duty } from "../policies/duty-needs";
import { dutyHolders } from "./evidence/duty-holders";
import { onlyForAwsResources } from "./evidence/grant-creation";
import { reachOfStatement } from "./evidence/statement-reach";
import type { Check, CheckedKey, CheckedOutput, Violation } from "./frame/check";

/**
 * Separation within the zone: the wall still stands, which is why it is not critical. Whoever is outside the zone is
 * `zone-key-access`'s finding. The account's root counts as its administrator of last resort.
 */
export const check: Check = {
  id: "zone-managers",
  kind: "proof",
  severity: "high",
  requirement:
    "Only the zone's administrators, its break-glass and its deploy role, in the key's own account, and that account's root manage a key.",
  reason:
    "Whoever changes a key policy decides who reads the data: they are the people whom the map names for it, and no more.",
  fix: "make the principal an administrator of the zone, or take the action out of the statement",
  inKey: (key, output) =>
    (key.entry.key.policy?.statements ?? [])
      .filter(({ effect }) => effect === "Allow")
      .flatMap((statement) =>
        whoIsMeant(statement.principal).flatMap((meant) => dutyOfAnother(statement, meant, key, output)),
      ),
};

const managing: readonly string[] = [...managingActions, "kms:RevokeGrant"];
/** Everything but reading. */
const changing: readonly string[] = [...managing, ...usingActions, "kms:RetireGrant"];

function dutyOfAnother(
  statement: Statement,
  { who, element }: Meant,
  key: CheckedKey,
  output: CheckedOutput,
): Violation[] {
  const { entry, zone } = key;
  const { stack, partition, accountId } = entry;
  const reduced: Statement = { ...statement, principal: element };
  if (isManager(who, statement, key)) return [];
  if (output.zones.outside(boundsOfStatement(reduced, partition), zone).length > 0) return [];
  const audits = who.kind === "principal" && arnsOf(accountId, zone, (duty) => duty === "audit role").includes(who.arn);
  const allowed = [
    ...allowedActions(reduced, who, key, output, audits ? changing : managing),
    ...unknownKeyActions(statement.action),
  ];
  if (allowed.length === 0) return [];
  return [
    {
      stack,
      address: entry.key.address,
      detail: [statementDetail(statement, entry.key.policy?.statements ?? []), whoName(who)],
      why: audits
        ? `lets the audit role, which only reads, do ${actionsText(allowed)}`
        : `lets ${whoName(who)} do ${actionsText(allowed)}, and the map does not name it for that in ${output.zones.describe(accountId)}`,
      place: statement,
    },
  ];
}

function isManager(who: Who, { conditions }: Statement, { entry, zone }: CheckedKey): boolean {
  const managers = arnsOf(entry.accountId, zone, (duty) => duty !== "audit role");
  switch (who.kind) {
    case "principal":
      return managers.includes(who.arn);
    case "account":
      return who.accountId === entry.accountId;
    case "service":
      return false;
    case "everybody":
    case "unknown":
      return conditions.some((condition) => meansOnly(condition, managers));
  }
}

function arnsOf(accountId: string, zone: ZoneBoundary, wanted: (duty: Duty) => boolean): string[] {
  return dutyHolders(zone, accountId)
    .filter(({ duty }) => wanted(duty))
    .map(({ arn }) => arn);
}

/** A condition that holds for these principals alone, each written out. */
function meansOnly({ operator, key, values }: Condition, principals: readonly string[]): boolean {
  return (
    key.toLowerCase() === "aws:principalarn" &&
    /^(Arn|String)(Equals|Like)$/.test(operator) &&
    values.length > 0 &&
    values.every((value) => principals.includes(value))
  );
}

/** AWS services end their own grants with the permissions of whom they work for. */
function allowedActions(
  statement: Statement,
  who: Who,
  { entry }: CheckedKey,
  { index }: CheckedOutput,
  actions: readonly string[],
): readonly string[] {
  const wanted = onlyForAwsResources(statement) ? actions.filter((action) => action !== "kms:RevokeGrant") : actions;
  if (who.kind !== "principal" && who.kind !== "service") return actionsAmong(actionsOf(statement.action), wanted);
  const name = who.kind === "principal" ? who.arn : who.name;
  const { named, delegated } = reachOfStatement(statement, name, entry, index, wanted);
  return [...named, ...delegated];
}
