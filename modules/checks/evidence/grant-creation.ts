import { parseOperator } from "../../access/condition/evaluate-condition";
import type { Condition, Statement } from "../../access/policy-statement";
import { boundsOfPrincipal } from "../../access/principal-bounds";
import { parseRequester } from "../../access/requester";
import type { ZoneBoundaries, ZoneBoundary } from "../../access/zone-boundary";
import { dutyIn } from "./duty-holders";

/** The grants that a statement lets somebody create, when its conditions write them out. */
export interface WrittenGrants {
  /** ARNs of roles, users and sessions, and names of AWS services; no whole account. */
  readonly grantees: readonly string[];
  /** As the CreateGrant API spells them. */
  readonly operations: readonly string[];
}

/**
 * What `kms:CreateGrant` is bound to in a statement: grantees and operations, each written out. Every request to create a
 * grant has operations, so that `ForAllValues` bounds them.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-operations
 *
 * @returns undefined when somebody else could be granted, or something else
 */
export function writtenGrants(statement: Statement): WrittenGrants | undefined {
  if (!statement.understood) return undefined;
  const grantees = valuesOf(statement, "kms:granteeprincipal", undefined, exactOperators);
  const operations = valuesOf(statement, "kms:grantoperations", "ForAllValues", textOperators);
  if (grantees === undefined || operations === undefined) return undefined;
  const named = grantees.every((grantee) => {
    const requester = parseRequester(grantee);
    return requester !== undefined && requester.kind !== "root";
  });
  return named ? { grantees, operations } : undefined;
}

/**
 * Whether whoever creates grants through a statement can grant the key to nobody but principals of the zone that are
 * written out, are no whole accounts, and manage none of its keys; and whether these keep it to themselves.
 */
export function grantsOnlyUsers(statement: Statement, zone: ZoneBoundary, zones: ZoneBoundaries): boolean {
  const grants = writtenGrants(statement);
  if (grants === undefined) return false;
  const passedOn = grants.operations.includes("CreateGrant");
  return grants.grantees.every(
    (grantee) =>
      zones.outside(boundsOfPrincipal(grantee, zone.partition), zone).length === 0 &&
      dutyIn(zone, grantee) === undefined &&
      (!passedOn || isServiceLinked(grantee)),
  );
}

/**
 * Whether AWS alone acts as this principal. Auto Scaling passes on what it is granted, to the volumes of its instances;
 * anybody else with `CreateGrant` in a grant could pass it on to any account.
 *
 * Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 *
 * @param principal an ARN
 */
export function isServiceLinked(principal: string): boolean {
  const requester = parseRequester(principal);
  return requester?.kind === "role" && requester.serviceLinked;
}

/**
 * Whether AWS services alone create or end grants through this statement, on behalf of whom it names.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource
 */
export function onlyForAwsResources({ conditions, understood }: Statement): boolean {
  return (
    understood &&
    conditions.some(
      ({ operator, key, values }) =>
        operator === "Bool" &&
        key.toLowerCase() === "kms:grantisforawsresource" &&
        values.every((value) => value.toLowerCase() === "true"),
    )
  );
}

const textOperators: ReadonlySet<string> = new Set(["StringEquals", "StringLike"]);
const exactOperators: ReadonlySet<string> = new Set([...textOperators, "ArnEquals", "ArnLike"]);

/** The values of the first condition that needs the key to have one of them, letter by letter. */
function valuesOf(
  { conditions }: Statement,
  key: string,
  set: "ForAllValues" | undefined,
  operators: ReadonlySet<string>,
): readonly string[] | undefined {
  return conditions.find((condition) => {
    const use = parseOperator(condition.operator);
    return (
      condition.key.toLowerCase() === key &&
      use !== undefined &&
      use.set === set &&
      !use.ifExists &&
      operators.has(use.name) &&
      isLiteral(condition)
    );
  })?.values;
}

function isLiteral({ values }: Condition): boolean {
  return values.every((value) => !/[*?]|\$\{/.test(value));
}
