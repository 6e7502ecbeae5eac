import { iamPrincipalArn } from "../aws/arn";
import { kmsActions } from "../aws/kms-actions";
import { stackSetsRole } from "../aws/stack-sets-role";
import { type KeyDuties, ownerRoot } from "./key-duties";
import {
  accountRootAdministration,
  accountRootUse,
  allow,
  notManagers,
  onlyBreakGlassDestroys,
} from "./owner-statements";
import { type PolicyDocument, type PolicyStatement, policyDocument } from "./policy-document";

/** What the policy of a key says that each account has by itself. All principals are ARNs of one account. */
export interface AccountKeyPolicyRequest extends Omit<KeyDuties, "rootAccess" | "organizationPaths"> {
  readonly multiRegion: boolean;
  /** The Region of the key; undefined for a policy that replicas in several Regions have. */
  readonly region: string | undefined;
}

/**
 * Builds the policy of a key that each account has by itself, the account that is made tomorrow as well. AWS KMS refuses a
 * policy with a principal that does not exist, and of an account that was made a second ago nothing exists but the account.
 * So the account root is the only principal, and roles are named by conditions on `aws:PrincipalArn`, which need not exist:
 *
 * - the account's IAM says who manages the key and who uses it, as in AWS's default policy;
 * - administrators, the deploy, audit and break-glass role manage the key by their IAM policies, and none makes them its users;
 * - grants come into being for AWS services alone, which hold them for the resources of whoever calls: a grant to a role
 *   would be a way into another account;
 * - disabling the key and scheduling its deletion is for the break-glass role alone, CloudFormation included;
 * - CloudFormation replicates a multi-Region key within the zone's Regions, by the role that StackSets have in each
 *   account, or, where StackSets do not reach, by the deploy role.
 *
 * Nobody of another account, and no AWS service in its own name, is let in at all. `kms:PutKeyPolicy` is the limit of this
 * policy as of any other.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam,
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export function accountKeyPolicy(request: AccountKeyPolicyRequest): PolicyDocument {
  const duties = accountKeyDuties(request);
  return policyDocument([
    accountRootAdministration(duties, request.multiRegion),
    accountRootUse(duties),
    allow("AccountRootGrantsToServices", [ownerRoot(duties)], kmsActions.delegating, {
      ...notManagers(duties),
      Bool: { "kms:GrantIsForAWSResource": ["true"] },
    }),
    onlyBreakGlassDestroys(duties),
    ...residencyStatements(request, duties),
  ]);
}

/** Who has which duty on such a key, as the guard of key policies takes it. */
export function accountKeyDuties(request: Omit<AccountKeyPolicyRequest, "multiRegion" | "region">): KeyDuties {
  return { ...request, rootAccess: "full", organizationPaths: [] };
}

function residencyStatements(request: AccountKeyPolicyRequest, duties: KeyDuties): PolicyStatement[] {
  const { partition, ownerAccountId, zoneRegions, region, multiRegion } = request;
  const otherRegions = zoneRegions.filter((each) => each !== region);
  if (!multiRegion || zoneRegions.length < 2) return [];
  const toOtherRegions = { StringEquals: { "kms:ReplicaRegion": otherRegions } };
  const root = [ownerRoot(duties)];
  return [
    allow("DeployReplicates", root, ["kms:ReplicateKey"], {
      ...toOtherRegions,
      ArnEquals: { "aws:PrincipalArn": [request.deployRole] },
    }),
    allow("StackSetsReplicate", root, ["kms:ReplicateKey"], {
      ...toOtherRegions,
      ArnLike: { "aws:PrincipalArn": [iamPrincipalArn(partition, ownerAccountId, stackSetsRole)] },
    }),
    allow("BreakGlassMovesPrimary", root, ["kms:UpdatePrimaryRegion"], {
      StringEquals: { "kms:PrimaryRegion": zoneRegions },
      ArnEquals: { "aws:PrincipalArn": [request.breakGlass] },
    }),
  ];
}
