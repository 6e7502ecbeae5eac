import { type Duty, dutyNeedsOf } from "./duty-needs";
import { type KeyDuties, ownerRoot } from "./key-duties";
import type { PolicyFlaw } from "./policy-flaw";
import { couldConcern, type StatementReach } from "./statement-reach";

/**
 * Whoever would be locked out: each duty keeps what it cannot do without, allowed by name and without condition, and
 * reached by no Deny. A Deny whose condition might hold is taken to hold.
 *
 * AWS KMS itself only asks that the caller of PutKeyPolicy can call it again.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 *
 * @param standIns principals that are as good as a duty's own name. @default nobody
 */
export function lockOutFlaws(
  reaches: readonly StatementReach[],
  duties: KeyDuties,
  standIns: readonly string[] = [],
): PolicyFlaw[] {
  const allows = reaches.filter(({ statement }) => statement.Effect === "Allow");
  const denies = reaches.filter(({ statement }) => statement.Effect === "Deny");
  const deployAlso = ["kms:CreateGrant", "kms:ReplicateKey"].filter((action) =>
    allows.some(({ actions, principals }) => actions.has(action) && principals.includes(duties.deployRole)),
  );
  const holders: readonly (readonly [Duty, string])[] = [
    ...duties.administrators.map((each) => ["administrator", each] as const),
    ["deploy role", duties.deployRole],
    ["audit role", duties.auditRole],
    ["break-glass role", duties.breakGlass],
  ];
  const needs = [
    ...holders.map(([duty, principal]) => [duty, principal, dutyNeedsOf(duty, duties.kind)] as const),
    ["account root", ownerRoot(duties), ["kms:PutKeyPolicy"]] as const,
  ];
  return needs.flatMap(([who, principal, actions]): PolicyFlaw[] => {
    const named = allows.filter(
      ({ statement, principals }) =>
        statement.Condition === undefined && [principal, ...standIns].some((each) => principals.includes(each)),
    );
    const against = denies.filter((reach) => couldConcern(reach, principal));
    const isDenied = (action: string): boolean => against.some((reach) => reach.actions.has(action));
    const lost = actions.filter((action) => !named.some((reach) => reach.actions.has(action)) || isDenied(action));
    if (who === "deploy role") lost.push(...deployAlso.filter(isDenied));
    if (lost.length === 0) return [];
    const are = lost.length === 1 ? "is" : "are";
    return [
      {
        message: `${who} ${principal} would be locked out: ${lost.join(", ")} ${are} not allowed, or may be denied`,
        fix: "drop the Deny statement that reaches it",
      },
    ];
  });
}
