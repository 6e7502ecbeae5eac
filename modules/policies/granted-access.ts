import type { GrantOperation } from "../aws/kms-actions";
import { nameOrder, uniqueNames } from "../aws/name-order";
import { constrainedContext, constraintTypeCondition, type GrantConstraint } from "./grant-constraint";
import { allOf, type PolicyCondition, type PolicyStatement } from "./policy-document";

/** A grant that a deploy role has to be able to create. */
export interface GrantedAccess {
  readonly grantee: string;
  readonly operations: readonly GrantOperation[];
  readonly constraint: GrantConstraint | undefined;
}

/**
 * One statement for each set of operations and constraint, so that no grantee can be given what the map gives to another,
 * nor a grant without the map's constraint. `ForAllValues` is safe here: CreateGrant fails without operations.
 *
 * @param further what else has to hold for each of the grants
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-operations
 */
export function createGrantStatements(
  sid: string,
  deployRole: string,
  grants: readonly GrantedAccess[],
  further?: PolicyCondition,
): PolicyStatement[] {
  const grouped = new Map<string, GrantedAccess & { grantees: string[] }>();
  for (const grant of grants) {
    const { operations, constraint } = grant;
    const identity = JSON.stringify([
      uniqueNames(operations),
      constraint?.kind,
      Object.entries(constraint?.pairs ?? {}).sort(([a], [b]) => nameOrder(a, b)),
    ]);
    const before = grouped.get(identity);
    if (before === undefined) grouped.set(identity, { ...grant, grantees: [grant.grantee] });
    else before.grantees.push(grant.grantee);
  }
  return [...grouped.values()].map(({ grantees, operations, constraint }): PolicyStatement => {
    const condition = allOf(
      {
        "ForAllValues:StringEquals": { "kms:GrantOperations": operations },
        StringEquals: { "kms:GranteePrincipal": grantees },
      },
      constrainedContext(constraint),
      constraintTypeCondition(constraint),
      further,
    );
    return {
      Sid: sid,
      Effect: "Allow",
      Principal: { AWS: [deployRole] },
      Action: ["kms:CreateGrant"],
      Resource: ["*"],
      ...(condition === undefined ? {} : { Condition: condition }),
    };
  });
}
