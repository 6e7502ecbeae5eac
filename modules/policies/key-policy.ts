import { parseIamPrincipalArn } from "../aws/arn";
import { operationActions } from "../aws/key-operations";
import { kmsActions } from "../aws/kms-actions";
import { uniqueNames } from "../aws/name-order";
import { parsePermissionSetRole } from "../aws/permission-set";
import { createGrantStatements, type GrantedAccess } from "./granted-access";
import { type KeyDuties, managersOf, ownerRoot } from "./key-duties";
import { type KeyUse, partsOfUse } from "./key-use";
import {
  allOf,
  type PolicyCondition,
  type PolicyDocument,
  type PolicyStatement,
  policyDocument,
  sidPart,
} from "./policy-document";
import { type ServiceKeyUse, serviceStatements } from "./service-use";
import { type UsingAccount, usingAccountStatements } from "./using-account";

/** Everything the policy of one key in one Region says. All principals are ARNs. */
export interface KeyPolicyRequest extends KeyDuties {
  readonly region: string;
  readonly multiRegion: boolean;
  readonly uses: readonly KeyUse[];
  readonly services: readonly ServiceKeyUse[];
  readonly grants: readonly GrantedAccess[];
  readonly usingAccounts: readonly UsingAccount[];
  readonly statements: readonly KeyPolicyStatement[];
}

/** A further statement from the map. */
export interface KeyPolicyStatement {
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const administration: readonly string[] = [...kmsActions.reading, ...kmsActions.administering, "kms:RevokeGrant"];
const use: readonly string[] = [...operationActions.encrypt, ...operationActions.decrypt];
const breakingGlass: readonly string[] = [
  ...kmsActions.reading,
  ...kmsActions.destroying,
  "kms:CancelKeyDeletion",
  "kms:EnableKey",
];
const rootAdministration: readonly string[] = [...administration, "kms:RetireGrant", ...kmsActions.destroying];
const rootAdministrationMultiRegion: readonly string[] = [...rootAdministration, ...kmsActions.synchronizing];
const rootUse: readonly string[] = [...use, ...kmsActions.delegating];

/**
 * Builds a key policy that keeps duties apart, whatever the IAM policies of the owner's account say:
 *
 * - the account root delegates administration to the account's IAM, so that the key stays manageable when every role is
 *   gone, and with `rootAccess: full` its use as well;
 * - administrators manage the key, and neither use it nor create grants: a grant to oneself is decrypt. What the account
 *   root delegates does not reach them, so that no IAM policy makes an administrator a user;
 * - users use the key as far as their narrowing goes, and never manage it: a Deny holds where their IAM policies would;
 * - the deploy role manages what Terraform manages, and creates exactly the grants of the map; that of a using account
 *   finds the key, and creates exactly the grants that the map puts into its stack;
 * - disabling the key and scheduling its deletion is for the break-glass role alone: a Deny holds for the whole account,
 *   its root user and its IAM policies included.
 *
 * `kms:PutKeyPolicy` is the limit of any key policy: who has it can rewrite all of this, visibly.
 *
 * Conditions name principals by `aws:PrincipalArn`, which is the role's ARN for every session of it, and in contrast to
 * `Principal` still the same after the role was deleted and made again. The account root as `Principal` of a Deny is
 * everybody in the account, not its root user.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 */
export function keyPolicy(request: KeyPolicyRequest): PolicyDocument {
  const root = ownerRoot(request);
  const statements: PolicyStatement[] = [
    ...rootStatements(request),
    allow("Administrators", request.administrators, administration),
    allow("Deploy", [request.deployRole], administration),
    allow("Audit", [request.auditRole], kmsActions.reading),
    allow("BreakGlass", [request.breakGlass], breakingGlass),
    deny("OnlyBreakGlassDestroys", [root], kmsActions.destroying, {
      ArnNotEquals: { "aws:PrincipalArn": [request.breakGlass] },
    }),
    ...residencyStatements(request),
    ...createGrantStatements("DeployGrants", request.deployRole, request.grants),
    ...usingAccountStatements(request.usingAccounts),
  ];
  for (const each of request.uses) {
    // The account as a user of its own key delegates to its IAM: as for the root statement, managers stay out.
    const unmanaged = each.principals.includes(root) ? notManagers(request) : undefined;
    const permissionSet =
      each.permissionSet.length === 0 ? undefined : { ArnLike: { "aws:PrincipalArn": each.permissionSet } };
    for (const part of partsOfUse(each, request.region)) {
      const condition = allOf(part.condition, callerAccount(each), unmanaged, permissionSet);
      statements.push(allow(sidOfUse(each, part.kind), each.principals, part.actions, condition));
    }
  }
  for (const service of request.services) statements.push(...serviceStatements(service, request.region));
  for (const { sid, effect, principals, actions, conditions } of request.statements) {
    const add = effect === "Allow" ? allow : deny;
    statements.push(add(`Extra${sid}`, principals, actions, allOf(conditions)));
  }
  const users = localUsers(request);
  if (users.length > 0) {
    // Not kms:RevokeGrant: AWS services revoke their grants with the permissions of their caller.
    statements.push(
      deny("UsersNeverManage", [root], kmsActions.administering, {
        [users.some(isPattern) ? "ArnLike" : "ArnEquals"]: { "aws:PrincipalArn": users },
      }),
    );
  }
  return policyDocument(statements);
}

/**
 * What the account's IAM can hand on. `kms:SynchronizeMultiRegionKey` is for AWS KMS's own service-linked role, whose IAM
 * policy counts only where the key policy lets it: without it a replica might not follow its primary's rotation. It is
 * no API call that anybody else could make.
 *
 * Written out instead of `kms:*`: replication stays with the deploy role, and no later AWS action slips in.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam,
 * https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-auth-slr.html
 */
function rootStatements(request: KeyPolicyRequest): PolicyStatement[] {
  const root = ownerRoot(request);
  const administrative = allow(
    "AccountRootAdministration",
    [root],
    request.multiRegion ? rootAdministrationMultiRegion : rootAdministration,
  );
  if (request.rootAccess === "administration-only") return [administrative];
  return [administrative, allow("AccountRootUse", [root], rootUse, notManagers(request))];
}

/**
 * Replicas and primaries only in the zone's Regions. UpdatePrimaryRegion is authorized on both keys, the old primary and
 * the replica that becomes one, with the same `kms:PrimaryRegion`: a replica's policy has to allow its own Region.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html#mrk-auth-update
 */
function residencyStatements(request: KeyPolicyRequest): PolicyStatement[] {
  const otherRegions = request.zoneRegions.filter((region) => region !== request.region);
  if (!request.multiRegion || otherRegions.length === 0) return [];
  return [
    allow("DeployReplicates", [request.deployRole], ["kms:ReplicateKey"], {
      StringEquals: { "kms:ReplicaRegion": otherRegions },
    }),
    allow("BreakGlassMovesPrimary", [request.breakGlass], ["kms:UpdatePrimaryRegion"], {
      StringEquals: { "kms:PrimaryRegion": request.zoneRegions },
    }),
  ];
}

function isPattern(principal: string): boolean {
  return /[*?]/.test(principal);
}

/**
 * The principals of the owner's account that the policy or a grant lets use the key, without those who manage it; of a
 * permission set the patterns of its role.
 */
function localUsers(request: KeyPolicyRequest): string[] {
  const using: readonly string[] = [...kmsActions.cryptographic, ...kmsActions.delegating];
  const named = [
    ...request.uses.flatMap((each) => each.principals),
    ...request.grants.map((grant) => grant.grantee),
    ...request.statements
      .filter(({ effect, actions }) => effect === "Allow" && actions.some((action) => using.includes(action)))
      .flatMap(({ principals }) => principals),
  ];
  const managers = managersOf(request);
  const local = named.filter((principal) => {
    const parsed = parseIamPrincipalArn(principal);
    return parsed?.accountId === request.ownerAccountId && parsed.kind !== "root" && !managers.includes(principal);
  });
  const permissionSets = request.uses
    .flatMap((each) => each.permissionSet)
    .filter((pattern) => parsePermissionSetRole(pattern)?.accountId === request.ownerAccountId);
  return uniqueNames([...local, ...permissionSets]);
}

function notManagers(request: KeyPolicyRequest): PolicyCondition {
  return { ArnNotEquals: { "aws:PrincipalArn": managersOf(request) } };
}

/** Goes with `kms:ViaService`, as AWS has it in its own keys. */
function callerAccount(each: KeyUse): PolicyCondition | undefined {
  if (each.via.length === 0) return undefined;
  const accounts = each.principals.map((principal) => parseIamPrincipalArn(principal)?.accountId ?? principal);
  return { StringEquals: { "kms:CallerAccount": uniqueNames(accounts) } };
}

function sidOfUse(each: KeyUse, kind: "use" | "describe" | "grant"): string {
  const prefix = { use: "Use", describe: "Describe", grant: "GrantToAws" }[kind];
  return `${prefix}${sidPart(each.label)}`;
}

function allow(
  sid: string,
  principals: readonly string[],
  actions: readonly string[],
  condition?: PolicyCondition,
): PolicyStatement {
  return statement("Allow", sid, principals, actions, condition);
}

function deny(
  sid: string,
  principals: readonly string[],
  actions: readonly string[],
  condition?: PolicyCondition,
): PolicyStatement {
  return statement("Deny", sid, principals, actions, condition);
}

function statement(
  Effect: "Allow" | "Deny",
  Sid: string,
  principals: readonly string[],
  Action: readonly string[],
  condition: PolicyCondition | undefined,
): PolicyStatement {
  return {
    Sid,
    Effect,
    Principal: { AWS: principals },
    Action,
    Resource: ["*"],
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}
