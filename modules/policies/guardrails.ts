import { kmsActions } from "../aws/kms-actions";
import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import type { PolicyCondition } from "./policy-document";

/** What tells the zone's accounts from all others, in an organization's own terms. */
export interface ZoneExtent {
  /** Patterns for `aws:PrincipalOrgPaths` and its kin: `o-…/r-…/ou-…/*`, or without `*` for an OU's own accounts alone. */
  readonly organizationPaths: readonly string[];
  /** Accounts that are in the zone by name and not by their OU. */
  readonly accountIds: readonly string[];
}

export interface GuardrailRequest extends ZoneExtent {
  readonly partition: string;
  /** `role/NAME`. */
  readonly breakGlass: string;
  /** `role/NAME`. */
  readonly deployRole: string;
  readonly regions: readonly string[];
}

/**
 * A resource or service control policy. Unlike a key policy it never allows anything, and an RCP has to say `*` for its
 * principal: a Deny for everybody but those its conditions name.
 */
export interface GuardrailDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly GuardrailStatement[];
}

export interface GuardrailStatement {
  readonly Sid: string;
  readonly Effect: "Deny";
  readonly Principal?: "*";
  readonly Action: readonly string[];
  readonly Resource: "*";
  readonly Condition: PolicyCondition;
}

/**
 * Keys of the zone's accounts: touched by principals of the zone alone, and by AWS services only for the zone's resources.
 * It holds whatever a key policy says, and reaches customer managed keys only.
 *
 * `ForAllValues` with a negated operator is meant: a caller without an organization path (of no organization, or anonymous) is
 * outside as well. Services that send no source account are left to the key policy, or integrations without one would break.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/resource-control-policies.html
 */
export function resourceControlPolicy(request: GuardrailRequest): GuardrailDocument {
  return guardrail([
    {
      Sid: "OnlyPrincipalsOfTheZone",
      Effect: "Deny",
      Principal: "*",
      Action: ["kms:*"],
      Resource: "*",
      Condition: joined(outside(request, "aws:PrincipalOrgPaths", "aws:PrincipalAccount"), {
        BoolIfExists: { "aws:PrincipalIsAWSService": ["false"] },
      }),
    },
    {
      Sid: "ServicesOnlyForTheZone",
      Effect: "Deny",
      Principal: "*",
      Action: ["kms:*"],
      Resource: "*",
      Condition: joined(outside(request, "aws:SourceOrgPaths", "aws:SourceAccount"), {
        Bool: { "aws:PrincipalIsAWSService": ["true"] },
        Null: { "aws:SourceAccount": ["false"] },
      }),
    },
  ]);
}

/**
 * Principals of the zone's accounts: they use keys of the zone alone; destruction is for the break-glass role, and changes of
 * policy for it and the deploy role; keys are created and replicated in the zone's Regions alone.
 *
 * It reaches neither the management account nor service-linked roles.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export function serviceControlPolicy(request: GuardrailRequest): GuardrailDocument {
  const inAnyAccount = (role: string): string => `arn:${request.partition}:iam::*:${role}`;
  const breakGlass = inAnyAccount(request.breakGlass);
  const deploy = inAnyAccount(request.deployRole);
  const deny = (Sid: string, Action: readonly string[], Condition: PolicyCondition): GuardrailStatement => ({
    Sid,
    Effect: "Deny",
    Action,
    Resource: "*",
    Condition,
  });
  return guardrail([
    deny(
      "OnlyKeysOfTheZone",
      [...kmsActions.cryptographic, ...kmsActions.delegating],
      outside(request, "aws:ResourceOrgPaths", "aws:ResourceAccount"),
    ),
    deny("OnlyBreakGlassDestroys", kmsActions.destroying, { ArnNotLike: { "aws:PrincipalArn": [breakGlass] } }),
    deny("OnlyDeployAndBreakGlassRewrite", ["kms:PutKeyPolicy", "kms:UpdatePrimaryRegion"], {
      ArnNotLike: { "aws:PrincipalArn": [breakGlass, deploy] },
    }),
    deny("KeysOnlyInTheZonesRegions", ["kms:CreateKey"], {
      StringNotEquals: { "aws:RequestedRegion": request.regions },
    }),
    deny("ReplicasOnlyInTheZonesRegions", ["kms:ReplicateKey"], {
      StringNotEquals: { "kms:ReplicaRegion": request.regions },
    }),
  ]);
}

/** Holds for whoever is in none of the zone's organization paths and in none of its accounts. */
function outside(extent: ZoneExtent, pathsKey: string, accountKey: string): PolicyCondition {
  return {
    ...(extent.organizationPaths.length === 0
      ? {}
      : { "ForAllValues:StringNotLike": { [pathsKey]: extent.organizationPaths } }),
    ...(extent.accountIds.length === 0 ? {} : { StringNotEquals: { [accountKey]: extent.accountIds } }),
  };
}

function joined(...conditions: readonly PolicyCondition[]): PolicyCondition {
  return Object.assign({}, ...conditions);
}

function guardrail(statements: readonly GuardrailStatement[]): GuardrailDocument {
  return {
    Version: "2012-10-17",
    Statement: statements
      .map((statement) => ({
        ...statement,
        Action: uniqueNames(statement.Action),
        Condition: Object.fromEntries(
          inNameOrder(statement.Condition).map(([operator, keys]) => [
            operator,
            Object.fromEntries(inNameOrder(keys).map(([key, values]) => [key, uniqueNames(values)])),
          ]),
        ),
      }))
      .sort((a, b) => nameOrder(a.Sid, b.Sid)),
  };
}
