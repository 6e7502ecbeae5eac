import { actionsText } from "../access/key-actions";
import type { Condition, Statement } from "../access/policy-statement";
import { partsOf, type RegionalStatement, uncovered } from "../access/statement-cover";
import { statementDetail } from "../access/statement-detail";
import type { StackKey } from "../access/synthesized-stack";
import { iamPrincipalArn } from "../aws/arn";
import { writtenGrants } from "./evidence/grant-creation";
import { unreadPolicy } from "./evidence/unread-policy";
import type { Check, CheckedKey, Violation } from "./frame/check";

/**
 * AWS shares the material of related keys and none of their policies: whoever gets to the replica gets to the data of the
 * primary. Grants are each key's own, and so is what goes with them: the deploy role's right to create exactly these, and
 * the Deny for the users they make.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
export const check: Check = {
  id: "replica-policy",
  kind: "hygiene",
  severity: "high",
  requirement:
    "A replica has a policy of its own that allows nothing its primary's does not, and denies all that that does.",
  reason: "A replica has the primary's material: its policy is a second door to the same data.",
  fix: "give the replica the statements of its primary's policy, with its own Region",
  inKey: (key) => {
    const { stack, key: replica } = key.entry;
    if (replica.kind !== "replica") return [];
    const unread = unreadPolicy(key, "whether it is laxer than its primary's");
    if (unread.length > 0) return unread;
    const primary = stack.keys.find(({ address, kind }) => kind === "key" && address === replica.primary);
    if (primary?.policy?.understood !== true) return [withoutPrimary(key, primary)];
    return [...laxer(key, primary), ...withoutDeny(key, primary)];
  },
};

function withoutPrimary({ entry }: CheckedKey, primary: StackKey | undefined): Violation {
  const { stack, key } = entry;
  return {
    stack,
    address: key.address,
    detail: ["primary"],
    why:
      primary === undefined
        ? "refers to no key of its stack as its primary, so that nobody can tell whether its policy is laxer"
        : `the policy of its primary ${primary.address} is missing or cannot be read, so that nobody can tell whether the replica's is laxer`,
    place: key,
    fix: "keep primary and replica in one stack, each with a policy that can be read",
  };
}

function laxer(key: CheckedKey, primary: StackKey): Violation[] {
  const { stack, key: replica } = key.entry;
  const statements = replica.policy?.statements ?? [];
  const wides = regional(primary, key, "Allow");
  // Either key may become the primary: what one calls another Region is the other's own.
  const isExtra = ({ key: name }: Condition, value: string): boolean =>
    /^kms:(replicaregion|primaryregion)$/i.test(name) && value === primary.region;
  return regional(replica, key, "Allow").flatMap((narrow) =>
    createsOwnGrants(narrow.statement, key)
      ? []
      : partsOf(narrow).flatMap((part): Violation[] => {
          const more = uncovered(part, narrow, wides, isExtra);
          if (more.length === 0) return [];
          return [
            {
              stack,
              address: replica.address,
              detail: [statementDetail(narrow.statement, statements), part.principal],
              why: `lets ${part.principal} do ${actionsText(more)}, which ${primary.address} does not allow, or not on these conditions`,
              place: narrow.statement,
            },
          ];
        }),
  );
}

/** What the primary denies to everybody it may mean, the replica denies too. */
function withoutDeny(key: CheckedKey, primary: StackKey): Violation[] {
  const { stack, key: replica } = key.entry;
  const among = primary.policy?.statements ?? [];
  const wides = regional(replica, key, "Deny");
  const gone = grantedOnPrimaryAlone(primary, replica);
  const isGone = (condition: Condition, value: string): boolean =>
    condition.key.toLowerCase() === "aws:principalarn" && gone.has(value);
  return regional(primary, key, "Deny")
    .filter(({ statement }) => !deniesOnly(statement, isGone))
    .flatMap((narrow) =>
      partsOf(narrow).flatMap((part): Violation[] => {
        const open = uncovered(part, narrow, wides, isGone);
        if (open.length === 0) return [];
        return [
          {
            stack,
            address: replica.address,
            detail: ["Deny", statementDetail(narrow.statement, among), part.principal],
            why: `does not deny ${part.principal} ${actionsText(open)} as ${primary.address} does`,
            place: replica.policy,
          },
        ];
      }),
    );
}

function regional(key: StackKey, { entry }: CheckedKey, effect: Statement["effect"]): RegionalStatement[] {
  const statements = key.policy?.statements ?? [];
  return statements
    .filter((statement) => statement.effect === effect)
    .map((statement) => ({ statement, region: key.region, partition: entry.partition }));
}

/** A grant may be in the replica's Region alone: the deploy role may then create it, and nothing beyond. */
function createsOwnGrants(statement: Statement, { entry, zone }: CheckedKey): boolean {
  const deployRole = iamPrincipalArn(zone.partition, entry.accountId, zone.deployRole);
  const written = writtenGrants(statement);
  return (
    written !== undefined &&
    statement.action.patterns.every((action) => action.toLowerCase() === "kms:creategrant") &&
    !statement.action.negated &&
    statement.principal?.negated === false &&
    statement.principal.names.every(({ type, value }) => type === "AWS" && value === deployRole) &&
    written.grantees.every((grantee) =>
      entry.key.grants.some(
        (grant) =>
          grant.grantee === grantee && written.operations.every((operation) => grant.operations.includes(operation)),
      ),
    )
  );
}

/** Users of the primary by a grant that the replica does not have; the replica's own are `users-never-manage`'s question. */
function grantedOnPrimaryAlone(primary: StackKey, replica: StackKey): ReadonlySet<string> {
  const known = new Set([
    ...replica.grants.map(({ grantee }) => grantee),
    ...(replica.policy?.statements ?? [])
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ principal }) => (principal?.names ?? []).map(({ value }) => value)),
  ]);
  return new Set(primary.grants.map(({ grantee }) => grantee).filter((grantee) => !known.has(grantee)));
}

/** Denies something to nobody else. */
function deniesOnly({ conditions }: Statement, isGone: (condition: Condition, value: string) => boolean): boolean {
  return conditions.some(
    (condition) =>
      /^(Arn|String)(Equals|Like)$/.test(condition.operator) &&
      condition.values.every((value) => isGone(condition, value)),
  );
}
