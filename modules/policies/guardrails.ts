import { kmsActions } from "../aws/kms-actions";
import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import { stackSetsRole, takingRoles } from "../aws/stack-sets-role";
import type { PolicyCondition } from "./policy-document";
import { boundaryChanges, roleChanges, rolesBoundary } from "./roles-boundary";

/** What tells the zone's accounts from all others, in an organization's own terms. */
export interface ZoneExtent {
  /** Patterns for `aws:PrincipalOrgPaths` and its kin: `o-…/r-…/ou-…/*`, or without `*` for an OU's own accounts alone. */
  readonly organizationPaths: readonly string[];
  /** Accounts that are in the zone by name and not by their OU. */
  readonly accountIds: readonly string[];
}

/** What guardrails hold, part by part. */
export interface GuardrailSwitches {
  readonly resourceControl: ResourceControlSwitches;
  readonly serviceControl: ServiceControlSwitches;
}

export interface ResourceControlSwitches {
  /** Only principals of the zone touch its keys. */
  readonly principals: boolean;
  /** AWS services touch its keys only for resources of the zone. */
  readonly services: boolean;
}

export interface ServiceControlSwitches {
  /** Principals of the zone use only keys of the zone. */
  readonly ownKeys: boolean;
  /** Only the break-glass role disables keys and schedules their deletion. */
  readonly destruction: boolean;
  /**
   * Only the deploy and break-glass roles change key policies, and StackSets where they bring keys; only StackSets change the
   * deploy and audit roles and their boundary where they bring them.
   */
  readonly policies: boolean;
  /** Keys and replicas come into being only in the zone's Regions. */
  readonly regions: boolean;
}

export interface GuardrailRequest extends ZoneExtent {
  readonly partition: string;
  /** `role/NAME`. */
  readonly breakGlass: string;
  /** `role/NAME`. */
  readonly deployRole: string;
  readonly regions: readonly string[];
  /** Whether StackSets bring keys to the zone's accounts, and so write key policies there. */
  readonly stackSets: boolean;
  /** The roles that StackSets bring to the zone's accounts; undefined where they come from elsewhere. */
  readonly rolledOut: RolledOutRoles | undefined;
}

export interface RolledOutRoles {
  /** `role/NAME`; the other one is the deploy role. */
  readonly auditRole: string;
  /** Ids of accounts in which people make and change them. */
  readonly byHand: readonly string[];
}

/** What each statement is for. */
export const guardrailReasons = {
  OnlyPrincipalsOfTheZone: "nobody outside the zone touches its keys, whatever a key policy says",
  ServicesOnlyForTheZone: "AWS services touch its keys only for resources of the zone",
  OnlyKeysOfTheZone: "principals of the zone put its data under no other keys, and read no others'",
  OnlyBreakGlassDestroys: "nobody but the break-glass role takes a key away from its data",
  OnlyDeployAndBreakGlassRewrite: "a key's policy, and that of a replica, stays what was reviewed",
  OnlyAwsMakesStackSetsRoles: "the role by which StackSets write key policies is AWS's own, and nobody else takes it",
  OnlyRolloutsChangeTheRoles:
    "the role that is spared by its name stays the one that was reviewed, and so does its boundary",
  KeysOnlyInTheZonesRegions: "no key comes into being outside the zone's Regions",
  PrimariesOnlyInTheZonesRegions: "no primary moves outside the zone's Regions",
  ReplicasOnlyInTheZonesRegions: "no key is replicated outside the zone's Regions",
} as const;

export type GuardrailSid = keyof typeof guardrailReasons;

/**
 * A resource or service control policy. Unlike a key policy it never allows anything, and an RCP has to say `*` for its
 * principal: a Deny for everybody but those its conditions name.
 */
export interface GuardrailDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly GuardrailStatement[];
}

export interface GuardrailStatement {
  readonly Sid: GuardrailSid;
  readonly Effect: "Deny";
  readonly Principal?: "*";
  readonly Action: readonly string[];
  readonly Resource: "*" | readonly string[];
  /** Every statement but one about roles has one. */
  readonly Condition?: PolicyCondition;
}

/**
 * Keys of the zone's accounts: touched by principals of the zone alone, and by AWS services only for the zone's resources.
 * It holds whatever a key policy says, and reaches customer managed keys only.
 *
 * Negated operators are meant: they hold for a key that the request does not have, so that a caller without an
 * organization path (of no organization) is outside. Services that send no source account are left to the key policy,
 * or integrations without one would break.
 *
 * @returns undefined when nothing of it is switched on
 * @throws for an extent of nothing, which would shut everybody out
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/resource-control-policies.html
 */
export function resourceControlPolicy(
  request: GuardrailRequest,
  on: ResourceControlSwitches,
): GuardrailDocument | undefined {
  const deny = (Sid: GuardrailSid, Condition: PolicyCondition): GuardrailStatement => ({
    Sid,
    Effect: "Deny",
    Principal: "*",
    Action: ["kms:*"],
    Resource: "*",
    Condition,
  });
  return guardrail([
    on.principals &&
      deny("OnlyPrincipalsOfTheZone", {
        ...outside(request, "aws:PrincipalOrgPaths", "aws:PrincipalAccount"),
        BoolIfExists: { "aws:PrincipalIsAWSService": ["false"] },
      }),
    on.services &&
      deny("ServicesOnlyForTheZone", {
        ...outside(request, "aws:SourceOrgPaths", "aws:SourceAccount"),
        Bool: { "aws:PrincipalIsAWSService": ["true"] },
        Null: { "aws:SourceAccount": ["false"] },
      }),
  ]);
}

/**
 * Principals of the zone's accounts: they use keys of the zone alone; destruction is for the break-glass role, and changes of
 * policy for it and the deploy role, and for StackSets that bring keys; what StackSets bring of roles, they alone change; keys
 * are created and replicated in the zone's Regions alone.
 *
 * It reaches neither the management account nor service-linked roles.
 *
 * @returns undefined when nothing of it is switched on
 * @throws for an extent of nothing, which would leave no key to use
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export function serviceControlPolicy(
  request: GuardrailRequest,
  on: ServiceControlSwitches,
): GuardrailDocument | undefined {
  const inAnyAccount = (role: string): string => `arn:${request.partition}:iam::*:${role}`;
  const breakGlass = inAnyAccount(request.breakGlass);
  const deploy = inAnyAccount(request.deployRole);
  const executing = inAnyAccount(stackSetsRole);
  const stackSets = request.stackSets ? [executing] : [];
  const { rolledOut } = request;
  const deny = (Sid: GuardrailSid, Action: readonly string[], Condition: PolicyCondition): GuardrailStatement => ({
    Sid,
    Effect: "Deny",
    Action,
    Resource: "*",
    Condition,
  });
  const elsewhere = (key: string): PolicyCondition => ({ StringNotEquals: { [key]: request.regions } });
  return guardrail([
    on.ownKeys &&
      deny(
        "OnlyKeysOfTheZone",
        [...kmsActions.cryptographic, ...kmsActions.delegating],
        outside(request, "aws:ResourceOrgPaths", "aws:ResourceAccount"),
      ),
    on.destruction &&
      deny("OnlyBreakGlassDestroys", kmsActions.destroying, { ArnNotLike: { "aws:PrincipalArn": [breakGlass] } }),
    on.policies &&
      deny("OnlyDeployAndBreakGlassRewrite", rewriting, {
        ArnNotLike: { "aws:PrincipalArn": [breakGlass, deploy, ...stackSets] },
      }),
    on.policies &&
      (request.stackSets || rolledOut !== undefined) && {
        Sid: "OnlyAwsMakesStackSetsRoles",
        Effect: "Deny",
        Action: takingRoles,
        Resource: [executing],
      },
    on.policies &&
      rolledOut !== undefined && {
        Sid: "OnlyRolloutsChangeTheRoles",
        Effect: "Deny",
        Action: [...boundaryChanges, ...roleChanges],
        Resource: uniqueNames([`policy/${rolesBoundary}`, request.deployRole, rolledOut.auditRole].map(inAnyAccount)),
        Condition: {
          ArnNotLike: { "aws:PrincipalArn": [executing] },
          ...(rolledOut.byHand.length === 0 ? {} : { StringNotEquals: { "aws:PrincipalAccount": rolledOut.byHand } }),
        },
      },
    on.regions && deny("KeysOnlyInTheZonesRegions", ["kms:CreateKey"], elsewhere("aws:RequestedRegion")),
    on.regions && deny("PrimariesOnlyInTheZonesRegions", ["kms:UpdatePrimaryRegion"], elsewhere("kms:PrimaryRegion")),
    on.regions && deny("ReplicasOnlyInTheZonesRegions", ["kms:ReplicateKey"], elsewhere("kms:ReplicaRegion")),
  ]);
}

/**
 * What gives a key's material another policy: the key's own, or a replica's, which whoever replicates it writes. A grant
 * widens access too, but AWS services create grants all day with their users' permissions, and a grant gives nothing to
 * anybody outside the zone.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html
 */
const rewriting: readonly string[] = ["kms:PutKeyPolicy", ...kmsActions.replicating];

/** Holds for whoever is in none of the zone's organization paths and in none of its accounts. */
function outside(extent: ZoneExtent, pathsKey: string, accountKey: string): PolicyCondition {
  const { organizationPaths, accountIds } = extent;
  if (organizationPaths.length + accountIds.length === 0)
    throw new Error("a guardrail around nothing would stop everybody");
  return {
    ...(organizationPaths.length === 0 ? {} : { "ForAllValues:StringNotLike": { [pathsKey]: organizationPaths } }),
    ...(accountIds.length === 0 ? {} : { StringNotEquals: { [accountKey]: accountIds } }),
  };
}

function guardrail(parts: readonly (GuardrailStatement | false)[]): GuardrailDocument | undefined {
  const statements = parts.filter((part) => part !== false);
  if (statements.length === 0) return undefined;
  return {
    Version: "2012-10-17",
    Statement: statements
      .map((statement) => ({
        ...statement,
        Action: uniqueNames(statement.Action),
        ...(statement.Condition === undefined ? {} : { Condition: canonicalCondition(statement.Condition) }),
      }))
      .sort((a, b) => nameOrder(a.Sid, b.Sid)),
  };
}

function canonicalCondition(condition: PolicyCondition): PolicyCondition {
  return Object.fromEntries(
    inNameOrder(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(inNameOrder(keys).map(([key, values]) => [key, uniqueNames(values)])),
    ]),
  );
}
