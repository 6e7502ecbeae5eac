import type { AccountPlace, KeyEntry } from "./access-index";
import { type ContextLayer, type ContextValue, contextLayer } from "./request";
import type { Requester } from "./requester";

/**
 * What a request's context is bound to say, given who makes it and for which key. Every key that is in no layer is unknown.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function impliedContext(
  requester: Requester,
  key: KeyEntry,
  action: string,
  places: ReadonlyMap<string, AccountPlace>,
): readonly ContextLayer[] {
  return [requesterContext(requester, places), layerOfKey(key, places), layerOfAction(action)];
}

const requesterLayers = new WeakMap<Requester, { readonly places: unknown; readonly layer: ContextLayer }>();
/** What a request says of whoever makes it. */
export function requesterContext(requester: Requester, places: ReadonlyMap<string, AccountPlace>): ContextLayer {
  const known = requesterLayers.get(requester);
  if (known?.places === places) return known.layer;
  const layer = contextLayer(ofRequester(requester, places));
  requesterLayers.set(requester, { places, layer });
  return layer;
}

/** Every statement of a key's policy is held against requests for the same key: 10,000 accounts have a million of those. */
const keyLayers = new WeakMap<KeyEntry, { readonly places: unknown; readonly layer: ContextLayer }>();
function layerOfKey(key: KeyEntry, places: ReadonlyMap<string, AccountPlace>): ContextLayer {
  const known = keyLayers.get(key);
  if (known?.places === places) return known.layer;
  const layer = contextLayer(ofKey(key, places));
  keyLayers.set(key, { places, layer });
  return layer;
}

const actionLayers = new Map<string, ContextLayer>();
function layerOfAction(action: string): ContextLayer {
  const layer = actionLayers.get(action) ?? contextLayer(ofAction(action));
  actionLayers.set(action, layer);
  return layer;
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
    ...placeContext("aws:Principal", requester.accountId, places),
  };
}

function ofKey(key: KeyEntry, places: ReadonlyMap<string, AccountPlace>): Record<string, ContextValue> {
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
    ...placeContext("aws:Resource", key.accountId, places),
  };
}

const grantKeys = ["kms:GrantOperations", "kms:GranteePrincipal", "kms:RetiringPrincipal", "kms:GrantConstraintType"];

/** Context keys that only some actions have, and the actions that have them. */
const ownContextKeys: readonly (readonly [actions: readonly string[], keys: readonly string[]])[] = [
  [["kms:creategrant"], grantKeys],
  [["kms:creategrant", "kms:listgrants", "kms:revokegrant"], ["kms:GrantIsForAWSResource"]],
  [["kms:replicatekey"], ["kms:ReplicaRegion"]],
  [["kms:updateprimaryregion"], ["kms:PrimaryRegion"]],
  [["kms:schedulekeydeletion"], ["kms:ScheduleKeyDeletionPendingWindowInDays"]],
];

/** Whether requests for an action carry context keys that requests for most others do not. */
export function hasOwnContextKeys(action: string): boolean {
  return ownContextKeys.some(([actions]) => actions.includes(action.toLowerCase()));
}

function ofAction(action: string): Record<string, ContextValue> {
  const absent = ownContextKeys.flatMap(([actions, keys]) => (actions.includes(action.toLowerCase()) ? [] : keys));
  return Object.fromEntries(absent.map((key) => [key, "absent"]));
}

/**
 * Where an account is: `aws:PrincipalOrgID` and `aws:PrincipalOrgPaths`, the paths as `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`;
 * nothing for an account whose place is not known.
 */
export function placeContext(
  prefix: "aws:Principal" | "aws:Resource" | "aws:Source",
  accountId: string,
  places: ReadonlyMap<string, AccountPlace>,
): Record<string, ContextValue> {
  const place = places.get(accountId);
  if (place === undefined) return {};
  const path = `${[place.organizationId, ...place.path].join("/")}/`;
  return { [`${prefix}OrgID`]: [place.organizationId], [`${prefix}OrgPaths`]: [path] };
}
