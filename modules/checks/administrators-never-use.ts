import type { KeyEntry } from "../access/access-index";
import { actionsAmong, actionsText, usingActions } from "../access/key-actions";
import { permissionSetPatterns } from "../access/permission-set-bound";
import type { Statement } from "../access/policy-statement";
import { statementDetail } from "../access/statement-detail";
import type { SynthesizedStack } from "../access/synthesized-stack";
import { type Who, whoIsMeant, whoName } from "../access/who";
import { type Access, actionsOf } from "../access/who-can";
import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import { iamPrincipalArn, parseIamPrincipalArn } from "../aws/arn";
import { kmsActions } from "../aws/kms-actions";
import { exampleOfPattern } from "../aws/permission-set";
import { type DutyHolder, dutyHolders, dutyIn } from "./evidence/duty-holders";
import { grantsOnlyUsers } from "./evidence/grant-creation";
import { principalIdentity } from "./evidence/principal-identity";
import { reachOfStatement } from "./evidence/statement-reach";
import { throughDetail, throughPlace } from "./evidence/through";
import { unreadPolicy } from "./evidence/unread-policy";
import { createsMappedGrants } from "./evidence/user-grants";
import type { Check, CheckedKey, CheckedOutput, Violation } from "./frame/check";

/**
 * On every way to a key's use: by name, through the IAM of the account that owns the key, through a grant, and through a
 * consumer policy. The one exception is what Terraform needs: the deploy role creates grants that are written out, and that
 * of another account those that the map puts into its stack.
 */
export const check: Check = {
  id: "administrators-never-use",
  kind: "hygiene",
  severity: "high",
  requirement: "Administrators, the deploy role, the audit role and the break-glass role of a zone never use its keys.",
  reason: "Who both manages a key and uses it can take data and hide it; a grant to oneself is use as well.",
  fix: "take the action out, or use a role of its own; keep managers out of a statement for the whole account with ArnNotEquals aws:PrincipalArn",
  inKey: (key, output) => [
    ...unreadPolicy(key, "whether managers use the key"),
    ...throughStatements(key, output),
    ...throughGrants(key),
  ],
  inStack: (stack, { zones }) => [...throughConsumerPolicies(stack, zones), ...throughUserGrants(stack, zones)],
};

/** Who brings the material into a key knows it, and needs no key to decrypt: for keys with imported material somebody has to. */
const usingOrImporting: readonly string[] = [...usingActions, ...kmsActions.importing];

/** Whichever way a statement may mean the managers, and whomever else of their names it names. */
function throughStatements(key: CheckedKey, output: CheckedOutput): Violation[] {
  const statements = key.entry.key.policy?.statements ?? [];
  const holders = dutyHolders(key.zone, key.entry.accountId);
  return statements
    .filter(({ effect, action }) => effect === "Allow" && actionsAmong(actionsOf(action), usingOrImporting).length > 0)
    .flatMap((statement) => {
      const found = new Map<string, Violation>();
      for (const holder of [...holders, ...namedBesides(statement, key)]) {
        const identity = principalIdentity(holder.arn) ?? holder.arn;
        const why = found.has(identity) ? undefined : useThrough(statement, holder, key, output);
        if (why === undefined) continue;
        const { stack, key: resource } = key.entry;
        const detail = [statementDetail(statement, statements), holder.arn];
        found.set(identity, { stack, address: resource.address, detail, why, place: statement });
      }
      return [...found.values()];
    });
}

/** Who manages keys in one account of the zone is the same person in the next, and a permission set's role may have another name. */
function namedBesides({ principal, conditions }: Statement, { zone }: CheckedKey): DutyHolder[] {
  const named = whoIsMeant(principal).flatMap(({ who }) => (who.kind === "principal" ? [who.arn] : []));
  return [...named, ...(permissionSetPatterns(conditions) ?? []).map(exampleOfPattern)].flatMap((arn) => {
    const duty = dutyIn(zone, arn);
    return duty === undefined ? [] : [{ duty, arn }];
  });
}

function useThrough(
  statement: Statement,
  { duty, arn }: DutyHolder,
  key: CheckedKey,
  output: CheckedOutput,
): string | undefined {
  const { entry, zone } = key;
  const mayImport = duty === "administrator" && entry.key.imported;
  const forbidden = mayImport ? usingActions : usingOrImporting;
  const { named, delegated } = reachOfStatement(statement, arn, entry, output.index, forbidden);
  const isOwn = parseIamPrincipalArn(arn)?.accountId === entry.accountId;
  const createsForUsers =
    duty === "deploy role" &&
    grantsOnlyUsers(statement, zone, output.zones) &&
    (isOwn || createsMappedGrants(statement, arn, key, output));
  const allowed = [...named, ...delegated].filter((action) => action !== "kms:CreateGrant" || !createsForUsers);
  if (allowed.length === 0) return undefined;
  return named.length > 0
    ? `lets the ${duty} use the key (${actionsText(allowed)})`
    : `lets IAM policies of the account give the ${duty} the use of the key (${actionsText(allowed)})`;
}

function throughGrants({ entry, zone, access }: CheckedKey): Violation[] {
  return access.access.flatMap((row): Violation[] => {
    const allowed = actionsAmong(row.actions, usingActions);
    if (row.through.kind !== "grant" || allowed.length === 0) return [];
    const whom = managersMeant(row.who, entry, zone);
    return whom === undefined ? [] : [violationOf(row, `grants ${whom} the use of the key (${actionsText(allowed)})`)];
  });
}

/** A grant names one principal, or a whole account. */
function managersMeant(who: Who, entry: KeyEntry, zone: ZoneBoundary): string | undefined {
  switch (who.kind) {
    case "principal": {
      const duty = dutyIn(zone, who.arn);
      return duty === undefined ? undefined : `the ${duty}`;
    }
    case "account":
      return who.accountId === entry.accountId ? "the whole account, managers of the key among them," : undefined;
    case "service":
      return undefined;
    case "everybody":
    case "unknown":
      return `${whoName(who)}, who may manage the key,`;
  }
}

/** A grant that the stack makes on a key of another account. */
function throughUserGrants(stack: SynthesizedStack, zones: ZoneBoundaries): Violation[] {
  const zone = zones.ofAccount(stack.accountId ?? "");
  if (zone === undefined) return [];
  return stack.userGrants.flatMap((grant): Violation[] => {
    const duty = dutyIn(zone, grant.grantee);
    const allowed = actionsAmong(
      grant.operations.map((operation) => `kms:${operation}`),
      usingActions,
    );
    if (duty === undefined || allowed.length === 0) return [];
    return [
      {
        stack,
        address: `aws_kms_grant.${grant.id}`,
        detail: [grant.grantee],
        why: `grants the ${duty} the use of a key of another account (${actionsText(allowed)})`,
        place: grant,
      },
    ];
  });
}

/** Every consumer policy of the stack's account that a manager has. */
function throughConsumerPolicies(stack: SynthesizedStack, zones: ZoneBoundaries): Violation[] {
  const { accountId = "" } = stack;
  const zone = zones.ofAccount(accountId);
  if (zone === undefined) return [];
  return stack.identityPolicies.flatMap(({ address, policy, attachedTo, ...place }) =>
    attachedTo.flatMap((name): Violation[] => {
      const duty = dutyIn(zone, iamPrincipalArn(zone.partition, accountId, name));
      if (duty === undefined) return [];
      if (policy?.understood !== true) {
        const why = `the ${duty} has this policy, and a part of it cannot be read`;
        return [{ stack, address, detail: [name], why, place: policy ?? place }];
      }
      return policy.statements.flatMap((statement): Violation[] => {
        const allowed = actionsAmong(actionsOf(statement.action), usingActions);
        if (statement.effect === "Deny" || allowed.length === 0) return [];
        return [
          {
            stack,
            address,
            detail: [statementDetail(statement, policy.statements), name],
            why: `lets the ${duty} use keys (${actionsText(allowed)})`,
            place: statement,
          },
        ];
      });
    }),
  );
}

function violationOf(row: Access, why: string): Violation {
  const { stack, key } = row.key;
  return {
    stack,
    address: key.address,
    detail: [...throughDetail(row), whoName(row.who)],
    why,
    place: throughPlace(row),
  };
}
