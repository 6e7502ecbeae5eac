import type { Statement } from "../../access/policy-statement";
import { grantConstraintTypes } from "../../aws/grant-constraint";
import type { CheckedKey, CheckedOutput, MapUserGrant } from "../frame/check";
import { writtenGrants } from "./grant-creation";
import { groupedOnce } from "./grouped-once";
import { mapKeyName, resourceId } from "./map-keys";

/** The grants on a key that the map asks of other accounts. */
export function userGrantsOn({ entry }: CheckedKey, { userGrants }: CheckedOutput): readonly MapUserGrant[] {
  return grantsOfKey(userGrants, mapKeyName(entry.accountId, resourceId(entry.key.address)));
}

const grantsOfKey = groupedOnce<MapUserGrant>(({ ownerAccountId, keyId }) => mapKeyName(ownerAccountId, keyId));

/**
 * Whether a statement lets the deploy role of another account create nothing but grants that the map puts into its stack:
 * for these grantees, with no more operations, and with the constraint.
 *
 * @param deployRole an ARN
 */
export function createsMappedGrants(
  statement: Statement,
  deployRole: string,
  key: CheckedKey,
  output: CheckedOutput,
): boolean {
  const written = writtenGrants(statement);
  if (written === undefined) return false;
  const mapped = userGrantsOn(key, output).filter((grant) => grant.deployRole === deployRole);
  return written.grantees.every((grantee) =>
    mapped.some(
      (grant) =>
        grant.grantee === grantee &&
        written.operations.every((operation) => grant.operations.includes(operation)) &&
        demandsConstraint(statement, grant),
    ),
  );
}

function demandsConstraint({ conditions }: Statement, { constraint }: MapUserGrant): boolean {
  if (constraint === undefined) return true;
  const demanded: (readonly [key: string, value: string])[] = [
    ["kms:grantconstrainttype", grantConstraintTypes[constraint.kind]],
    ...Object.entries(constraint.pairs).map(([name, value]) => [`kms:encryptioncontext:${name}`, value] as const),
  ];
  return demanded.every(([key, value]) =>
    conditions.some(
      (condition) =>
        condition.operator === "StringEquals" &&
        condition.key.toLowerCase() === key.toLowerCase() &&
        condition.values.every((each) => each === value),
    ),
  );
}
