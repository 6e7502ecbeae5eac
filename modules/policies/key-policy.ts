import { parseIamPrincipalArn } from "../aws/arn";
import { kmsActions } from "../aws/kms-actions";
import { uniqueNames } from "../aws/name-order";
import { parsePermissionSetRole } from "../aws/permission-set";
import { extraStatement, type KeyPolicyStatement } from "./extra-statement";
import { createGrantStatements, type GrantedAccess } from "./granted-access";
import { type KeyDuties, managersOf, ownerRoot } from "./key-duties";
import type { KeyUse } from "./key-use";
import {
  accountRootAdministration,
  accountRootUse,
  administration,
  allow,
  deny,
  onlyBreakGlassDestroys,
} from "./owner-statements";
import { permissionSetsMeant } from "./permission-set-condition";
import { type PolicyDocument, type PolicyStatement, policyDocument } from "./policy-document";
import type { PolicyForm } from "./policy-form";
import { type ServiceKeyUse, serviceStatements } from "./service-use";
import { useStatements } from "./use-statements";
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

const breakingGlass: readonly string[] = [
  ...kmsActions.reading,
  ...kmsActions.destroying,
  "kms:CancelKeyDeletion",
  "kms:EnableKey",
];
/**
 * Builds a key policy that keeps duties apart, whatever the IAM policies of the owner's account say:
 *
 * - the account root delegates administration to the account's IAM, so that the key stays manageable when every role is
 *   gone, and with `rootAccess: full` its use as well;
 * - administrators manage the key, and import its material where it comes from its owner, and neither use it nor create grants: a grant to oneself is decrypt. What the account
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
 *
 * @param form how the uses stand in it; the document may be larger than AWS KMS takes
 */
export function keyPolicy(request: KeyPolicyRequest, form: PolicyForm = "statement-a-use"): PolicyDocument {
  const root = ownerRoot(request);
  const statements: PolicyStatement[] = [
    ...rootStatements(request),
    allow("Administrators", request.administrators, administratorActions(request)),
    allow("Deploy", [request.deployRole], administration),
    allow("Audit", [request.auditRole], kmsActions.reading),
    allow("BreakGlass", [request.breakGlass], breakingGlass),
    onlyBreakGlassDestroys(request),
    ...residencyStatements(request),
    ...createGrantStatements("DeployGrants", request.deployRole, request.grants),
    ...usingAccountStatements(request.usingAccounts),
  ];
  statements.push(...useStatements(request.uses, request.region, request, form));
  for (const service of request.services) statements.push(...serviceStatements(service, request.region));
  statements.push(...request.statements.map(extraStatement));
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

function rootStatements(request: KeyPolicyRequest): PolicyStatement[] {
  const administrative = accountRootAdministration(request, request.multiRegion);
  return request.rootAccess === "administration-only"
    ? [administrative]
    : [administrative, accountRootUse(request, ...kmsActions.delegating)];
}

/**
 * Administrators are the custodians of imported material: nobody else brings any, so that nobody else chooses what data
 * will be encrypted with. Deleting it is destruction, and stays with the break-glass role.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html
 */
function administratorActions({ kind }: KeyPolicyRequest): readonly string[] {
  return kind.origin === "EXTERNAL" ? [...administration, ...kmsActions.importing] : administration;
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
  const allowing = request.statements.filter(
    ({ effect, actions }) => effect === "Allow" && actions.some((action) => using.includes(action)),
  );
  const named = [
    ...request.uses.flatMap((each) => each.principals),
    ...request.grants.map((grant) => grant.grantee),
    ...allowing.flatMap(({ principals }) => principals),
  ];
  const managers = managersOf(request);
  const local = named.filter((principal) => {
    const parsed = parseIamPrincipalArn(principal);
    return parsed?.accountId === request.ownerAccountId && parsed.kind !== "root" && !managers.includes(principal);
  });
  const permissionSets = [
    ...request.uses.flatMap((each) => each.permissionSet),
    ...allowing.flatMap(({ conditions }) => permissionSetsMeant(conditions)),
  ].filter((pattern) => parsePermissionSetRole(pattern)?.accountId === request.ownerAccountId);
  return uniqueNames([...local, ...permissionSets]);
}
