import { accountRootArn } from "../aws/arn";
import { type GrantOperation, kmsActions } from "../aws/kms-actions";
import { nameOrder } from "../aws/name-order";
import type { PartitionName } from "../aws/partition";
import { type KeyUse, partsOfUse } from "./key-use";
import { allOf, type PolicyDocument, type PolicyStatement, policyDocument, sidPart } from "./policy-document";
import { type ServiceKeyUse, serviceStatements } from "./service-use";

/** Everything the policy of one key in one Region says. All principals are ARNs. */
export interface KeyPolicyRequest {
  readonly partition: PartitionName;
  readonly ownerAccountId: string;
  readonly region: string;
  readonly rootAccess: "full" | "administration-only";
  readonly administrators: readonly string[];
  readonly deployRole: string;
  readonly auditRole: string;
  readonly breakGlass: string;
  /** Regions where a key of the zone may be. */
  readonly zoneRegions: readonly string[];
  readonly multiRegion: boolean;
  readonly uses: readonly KeyUse[];
  readonly services: readonly ServiceKeyUse[];
  readonly grants: readonly GrantedAccess[];
  readonly statements: readonly KeyPolicyStatement[];
}

/** A grant that the deploy role has to be able to create. */
export interface GrantedAccess {
  readonly grantee: string;
  readonly operations: readonly GrantOperation[];
}

/** A further statement from the map. */
export interface KeyPolicyStatement {
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const administration = [...kmsActions.reading, ...kmsActions.administering, ...kmsActions.endingGrants];

/**
 * Builds a key policy that keeps duties apart:
 *
 * - the account root delegates to the account's IAM, fully or for administration only, so that the key stays manageable
 *   when every role is gone;
 * - administrators manage the key, and neither use it nor create grants: a grant to oneself is decrypt;
 * - users use the key as far as their narrowing goes, and never manage it;
 * - the deploy role manages what Terraform manages, and creates exactly the grants of the map;
 * - disabling the key and scheduling its deletion is for the break-glass role alone: a Deny holds for the whole account,
 *   its root user and its IAM policies included.
 */
export function keyPolicy(request: KeyPolicyRequest): PolicyDocument {
  const root = accountRootArn(request.partition, request.ownerAccountId);
  const allow = (
    sid: string,
    principals: readonly string[],
    actions: readonly string[],
    condition?: PolicyStatement["Condition"],
  ): PolicyStatement => ({
    Sid: sid,
    Effect: "Allow",
    Principal: { AWS: principals },
    Action: actions,
    Resource: ["*"],
    ...(condition === undefined ? {} : { Condition: condition }),
  });

  const statements: PolicyStatement[] = [
    request.rootAccess === "full"
      ? allow("AccountRoot", [root], ["kms:*"])
      : allow("AccountRootAdministrationOnly", [root], [...administration, ...kmsActions.destroying]),
    allow("Administrators", request.administrators, administration),
    allow("Deploy", [request.deployRole], administration),
    allow("Audit", [request.auditRole], kmsActions.reading),
    allow(
      "BreakGlass",
      [request.breakGlass],
      [...kmsActions.reading, ...kmsActions.destroying, "kms:CancelKeyDeletion", "kms:EnableKey"],
    ),
    {
      Sid: "OnlyBreakGlassDestroys",
      Effect: "Deny",
      Principal: { AWS: [root] },
      Action: kmsActions.destroying,
      Resource: ["*"],
      Condition: { ArnNotEquals: { "aws:PrincipalArn": [request.breakGlass] } },
    },
  ];
  const otherRegions = request.zoneRegions.filter((region) => region !== request.region);
  if (request.multiRegion && otherRegions.length > 0) {
    statements.push(
      allow("DeployReplicates", [request.deployRole], ["kms:ReplicateKey"], {
        StringEquals: { "kms:ReplicaRegion": otherRegions },
      }),
      allow("BreakGlassMovesPrimary", [request.breakGlass], ["kms:UpdatePrimaryRegion"], {
        StringEquals: { "kms:PrimaryRegion": otherRegions },
      }),
    );
  }
  for (const [operations, grantees] of byOperations(request.grants)) {
    statements.push(
      allow("DeployGrants", [request.deployRole], ["kms:CreateGrant"], {
        "ForAllValues:StringEquals": { "kms:GrantOperations": operations.split(" ") },
        StringEquals: { "kms:GranteePrincipal": grantees },
      }),
    );
  }
  for (const use of request.uses) {
    for (const part of partsOfUse(use, request.region)) {
      statements.push(allow(sidOfUse(use, part.kind), use.principals, part.actions, part.condition));
    }
  }
  for (const service of request.services) statements.push(...serviceStatements(service, request.region));
  for (const { sid, effect, principals, actions, conditions } of request.statements) {
    const condition = allOf(conditions);
    statements.push({
      Sid: `Extra${sid}`,
      Effect: effect,
      Principal: { AWS: principals },
      Action: actions,
      Resource: ["*"],
      ...(condition === undefined ? {} : { Condition: condition }),
    });
  }
  return policyDocument(statements);
}

function sidOfUse(use: KeyUse, kind: "use" | "describe" | "grant"): string {
  const prefix = { use: "Use", describe: "Describe", grant: "GrantToAws" }[kind];
  return `${prefix}${sidPart(use.label)}`;
}

/** One statement for each set of operations, so that no grantee can be given what the map gives to another. */
function byOperations(grants: readonly GrantedAccess[]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const grant of grants) {
    const operations = [...grant.operations].sort(nameOrder).join(" ");
    grouped.set(operations, [...(grouped.get(operations) ?? []), grant.grantee]);
  }
  return grouped;
}
