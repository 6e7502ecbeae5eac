import type { Statement } from "../../access/policy-statement";
import type { CheckedKey, CheckedOutput, MapUserGrant } from "../frame/check";
import { writtenGrants } from "./grant-creation";

/** The grants on a key that the map asks of other accounts. */
export function userGrantsOn({ entry }: CheckedKey, { userGrants }: CheckedOutput): readonly MapUserGrant[] {
  const { address } = entry.key;
  const known = byKey.get(userGrants) ?? groupByKey(userGrants);
  byKey.set(userGrants, known);
  return known.get(`${entry.accountId} ${address.slice(address.indexOf(".") + 1)}`) ?? [];
}

/** Every key asks: the list of all grants is sorted out once. */
const byKey = new WeakMap<ReadonlyMap<string, MapUserGrant>, ReadonlyMap<string, readonly MapUserGrant[]>>();

function groupByKey(grants: ReadonlyMap<string, MapUserGrant>): ReadonlyMap<string, readonly MapUserGrant[]> {
  const grouped = new Map<string, MapUserGrant[]>();
  for (const grant of grants.values()) {
    const name = `${grant.ownerAccountId} ${grant.keyId}`;
    const own = grouped.get(name);
    if (own === undefined) grouped.set(name, [grant]);
    else own.push(grant);
  }
  return grouped;
}

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

const constraintTypes = { equals: "EncryptionContextEquals", subset: "EncryptionContextSubset" } as const;

function demandsConstraint({ conditions }: Statement, { constraint }: MapUserGrant): boolean {
  if (constraint === undefined) return true;
  const demanded: (readonly [key: string, value: string])[] = [
    ["kms:grantconstrainttype", constraintTypes[constraint.kind]],
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
