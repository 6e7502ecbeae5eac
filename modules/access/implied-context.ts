import type { AccountPlace, KeyEntry } from "./access-index";
import type { ContextValue } from "./request";
import type { Requester } from "./requester";

/**
 * What a request's context is bound to say, given who makes it and for which key. Every key that is not in it is unknown.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function impliedContext(
  requester: Requester,
  key: KeyEntry,
  action: string,
  places: ReadonlyMap<string, AccountPlace>,
): Record<string, ContextValue> {
  return { ...ofRequester(requester, places), ...ofKey(key, places), ...ofAction(action) };
}

function ofRequester(requester: Requester, places: ReadonlyMap<string, AccountPlace>): Record<string, ContextValue> {
  if (requester.kind === "service") {
    return {
      "aws:PrincipalIsAWSService": ["true"],
      "aws:PrincipalServiceName": [requester.name],
      // Services are in no account and in no organization.
      "aws:PrincipalAccount": "absent",
      "aws:PrincipalArn": "absent",
      "aws:PrincipalOrgID": "absent",
      "aws:PrincipalOrgPaths": "absent",
      "aws:PrincipalType": "absent",
      "aws:username": "absent",
    };
  }
  const place = places.get(requester.accountId);
  const types = {
    role: "AssumedRole",
    "role-session": "AssumedRole",
    user: "User",
    "federated-user": "FederatedUser",
    root: "Account",
  };
  return {
    "aws:PrincipalIsAWSService": ["false"],
    "aws:PrincipalServiceName": "absent",
    "aws:PrincipalServiceNamesList": "absent",
    "aws:PrincipalAccount": [requester.accountId],
    "kms:CallerAccount": [requester.accountId],
    // A session's ARN does not show the path of its role, nor a federated user's the path of the user.
    "aws:PrincipalArn":
      requester.kind === "role-session" || requester.kind === "federated-user" ? "unknown" : [requester.arn],
    "aws:PrincipalType": [types[requester.kind]],
    "aws:username": requester.kind === "user" ? [requester.name] : "absent",
    ...(place === undefined
      ? {}
      : { "aws:PrincipalOrgID": [place.organizationId], "aws:PrincipalOrgPaths": [organizationPath(place)] }),
  };
}

function ofKey(key: KeyEntry, places: ReadonlyMap<string, AccountPlace>): Record<string, ContextValue> {
  const place = places.get(key.accountId);
  const { tags } = key.key.arguments;
  const tagged = typeof tags === "object" && tags !== null ? Object.entries(tags) : [];
  return {
    "aws:ResourceAccount": [key.accountId],
    "aws:RequestedRegion": [key.key.region],
    "kms:ResourceAliases": key.aliases.length === 0 ? "absent" : key.aliases,
    "kms:MultiRegion": [String(key.key.multiRegion)],
    "kms:MultiRegionKeyType": key.key.multiRegion ? [key.key.kind === "replica" ? "REPLICA" : "PRIMARY"] : "absent",
    ...Object.fromEntries(
      tagged.flatMap(([name, value]) => (typeof value === "string" ? [[`aws:ResourceTag/${name}`, [value]]] : [])),
    ),
    ...(place === undefined
      ? {}
      : { "aws:ResourceOrgID": [place.organizationId], "aws:ResourceOrgPaths": [organizationPath(place)] }),
  };
}

/** Keys that only some operations have. */
function ofAction(action: string): Record<string, ContextValue> {
  const name = action.toLowerCase();
  const grants = name === "kms:creategrant";
  const absent = (keys: readonly string[]): Record<string, ContextValue> =>
    Object.fromEntries(keys.map((key) => [key, "absent"]));
  return {
    ...(grants
      ? {}
      : absent(["kms:GrantOperations", "kms:GranteePrincipal", "kms:RetiringPrincipal", "kms:GrantConstraintType"])),
    ...(grants || name === "kms:listgrants" || name === "kms:revokegrant" ? {} : absent(["kms:GrantIsForAWSResource"])),
    ...(name === "kms:replicatekey" ? {} : absent(["kms:ReplicaRegion"])),
    ...(name === "kms:updateprimaryregion" ? {} : absent(["kms:PrimaryRegion"])),
    ...(name === "kms:schedulekeydeletion" ? {} : absent(["kms:ScheduleKeyDeletionPendingWindowInDays"])),
  };
}

/** `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`, as `aws:PrincipalOrgPaths` has it. */
function organizationPath(place: AccountPlace): string {
  return `${[place.organizationId, ...place.path].join("/")}/`;
}
