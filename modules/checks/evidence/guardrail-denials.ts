import { usingActions } from "../../access/key-actions";
import type { Condition, PrincipalName, Statement } from "../../access/policy-statement";
import { boundsOfStatement } from "../../access/principal-bounds";
import type { ContextValue } from "../../access/request";
import { parseRequester, type Requester } from "../../access/requester";
import type { ZoneBoundaries, ZoneBoundary } from "../../access/zone-boundary";
import { allKeyActions, kmsActions } from "../../aws/kms-actions";
import type { ControlPolicyKind } from "../../aws/organizations";
import { stackSetsRole, takingRoles } from "../../aws/stack-sets-role";
import { boundaryChanges, roleChanges, rolesBoundary } from "../../policies/roles-boundary";
import type { ForbiddenRequests } from "./deny-holes";

/** What one part of a zone's guardrails has to deny. */
export interface WantedDenial extends ForbiddenRequests {
  /** As the map switches it, and more where that means several: `serviceControl.regions`, `CreateKey`. */
  readonly subject: readonly string[];
  readonly actions: readonly string[];
  /** All of these actions, where that says more than their names. */
  readonly everything?: string;
  /** All of whom or which it denies, and how to speak of some of them. */
  readonly everybody: string;
  readonly to: (whom: string) => string;
}

/** What the map asks of a zone's guardrails of one kind; nothing when all their parts are switched off. */
export function wantedDenials(
  zone: ZoneBoundary,
  kind: ControlPolicyKind,
  zones: ZoneBoundaries,
): readonly WantedDenial[] {
  const { resourceControl, serviceControl } = zone.guardrails;
  return kind === "resource-control"
    ? [
        ...(resourceControl.principals ? [foreignPrincipals(zone, zones), anonymous(zone)] : []),
        ...(resourceControl.services ? [servicesForOthers(zone, zones)] : []),
      ]
    : [
        ...(serviceControl.ownKeys ? [foreignKeys(zone, zones)] : []),
        ...(serviceControl.destruction ? [destruction(zone)] : []),
        ...(serviceControl.policies ? [policyChanges(zone)] : []),
        ...(serviceControl.policies && (zone.stackSets || zone.rolesByHand !== undefined)
          ? [rolesOfStackSets(zone)]
          : []),
        ...(serviceControl.policies && zone.rolesByHand !== undefined ? changesOfRoles(zone, zone.rolesByHand) : []),
        ...(serviceControl.regions ? outsideRegions(zone) : []),
      ];
}

/** Resource control policies do not reach `kms:RetireGrant`, and AWS KMS synchronizes by a service-linked role. */
const outOfReach: ReadonlySet<string> = new Set(["kms:RetireGrant", ...kmsActions.synchronizing]);
const reachableActions = allKeyActions.filter((action) => !outOfReach.has(action));

/** Any role: nothing but the context tells one from another. */
const somebody = requester("arn:aws:iam::000000000000:role/somebody");
const aService = requester("service.amazonaws.com");
const signed: Readonly<Record<string, ContextValue>> = { "aws:PrincipalIsAWSService": ["false"] };

const principalKeys: ReadonlySet<string> = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "kms:calleraccount",
]);

function foreignPrincipals(zone: ZoneBoundary, zones: ZoneBoundaries): WantedDenial {
  return {
    subject: ["resourceControl.principals"],
    actions: reachableActions,
    everything: "every action of AWS KMS",
    everybody: `anybody outside zone ${zone.name}`,
    to: (whom) => `to ${whom}`,
    principal: somebody,
    context: signed,
    present: new Set(),
    toldBy: principalKeys,
    among: placedOutside({ type: "AWS", value: "*" }, zone, zones),
  };
}

/** Requests without credentials carry no key that says who makes them. */
function anonymous(zone: ZoneBoundary): WantedDenial {
  const keys = ["Account", "Arn", "IsAWSService", "OrgID", "OrgPaths", "ServiceName", "ServiceNamesList", "Type"];
  return {
    subject: ["resourceControl.principals", "anonymous"],
    actions: reachableActions,
    everything: "every action of AWS KMS",
    everybody: `requests without credentials on keys of zone ${zone.name}`,
    to: (whom) => `to ${whom}`,
    principal: somebody,
    context: Object.fromEntries(keys.map((key) => [`aws:Principal${key}`, "absent"])),
    present: new Set(),
    toldBy: principalKeys,
    among: () => undefined,
  };
}

function servicesForOthers(zone: ZoneBoundary, zones: ZoneBoundaries): WantedDenial {
  return {
    subject: ["resourceControl.services"],
    actions: reachableActions,
    everything: "every action of AWS KMS",
    everybody: `any account outside zone ${zone.name}`,
    to: (whom) => `to AWS services that act for ${whom}`,
    principal: aService,
    context: { "aws:PrincipalIsAWSService": ["true"] },
    // A service that sends no source account is left to the key policy.
    present: new Set(["aws:sourceaccount"]),
    toldBy: new Set(["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"]),
    among: placedOutside({ type: "Service", value: "service.amazonaws.com" }, zone, zones),
  };
}

function foreignKeys(zone: ZoneBoundary, zones: ZoneBoundaries): WantedDenial {
  const among = placedOutside({ type: "AWS", value: "*" }, zone, zones);
  return {
    subject: ["serviceControl.ownKeys"],
    actions: usingActions,
    everybody: `any account outside zone ${zone.name}`,
    to: (whom) => `on keys of ${whom}`,
    principal: somebody,
    context: signed,
    present: new Set(["aws:resourceaccount"]),
    toldBy: new Set(asPrincipalKeys.keys()),
    among: (condition, statement) => {
      // Where a key is bounds it as where a principal is bounds that; who uses it is no excuse.
      const key = asPrincipalKeys.get(condition.key.toLowerCase());
      return key === undefined ? undefined : among({ ...condition, key }, statement);
    },
  };
}

const asPrincipalKeys: ReadonlyMap<string, string> = new Map([
  ["aws:resourceaccount", "aws:PrincipalAccount"],
  ["aws:resourceorgid", "aws:PrincipalOrgID"],
  ["aws:resourceorgpaths", "aws:PrincipalOrgPaths"],
]);

function destruction(zone: ZoneBoundary): WantedDenial {
  return forAllBut(zone, [zone.breakGlass], "serviceControl.destruction", kmsActions.destroying);
}

function policyChanges(zone: ZoneBoundary): WantedDenial {
  const stackSets = zone.stackSets ? [stackSetsRole] : [];
  return forAllBut(zone, [zone.breakGlass, zone.deployRole, ...stackSets], "serviceControl.policies", rewriting);
}

/** Who is spared by a name must be whom the name is for. */
function rolesOfStackSets(zone: ZoneBoundary): WantedDenial {
  return {
    subject: ["serviceControl.policies", "StackSets"],
    actions: takingRoles,
    everybody: `anybody in zone ${zone.name}`,
    to: (whom) => `on ${stackSetsRole} to ${whom}`,
    principal: somebody,
    resource: `arn:${zone.partition}:iam::*:${stackSetsRole}`,
    context: signed,
    present: new Set(["aws:principalarn"]),
    toldBy: new Set(["aws:principalarn"]),
    among: () => undefined,
  };
}

/** Roles that StackSets bring are changed by nobody else, but where people make them. */
function changesOfRoles(zone: ZoneBoundary, byHand: ReadonlySet<string>): readonly WantedDenial[] {
  const targets: readonly (readonly [resource: string, actions: readonly string[]])[] = [
    [zone.deployRole, roleChanges],
    [zone.auditRole, roleChanges],
    [`policy/${rolesBoundary}`, boundaryChanges],
  ];
  return targets.map(([resource, actions]) => {
    const { among, ...denial } = forAllBut(zone, [stackSetsRole], "serviceControl.policies", actions);
    return {
      ...denial,
      subject: ["serviceControl.policies", resource],
      to: (whom) => `on ${resource} to ${whom}`,
      resource: `arn:${zone.partition}:iam::*:${resource}`,
      toldBy: new Set(["aws:principalaccount", "aws:principalarn"]),
      among: (condition, statement) => {
        const { operator, key, values } = condition;
        const isAccount = key.toLowerCase() === "aws:principalaccount" && operator === "StringEquals";
        return isAccount && values.every((id) => byHand.has(id)) ? [] : among(condition, statement);
      },
    };
  });
}

/** What gives a key's material another policy: a replica has one of its own, from whoever replicates. */
const rewriting = ["kms:PutKeyPolicy", ...kmsActions.replicating];

/** @param roles `role/NAME`, in any account: the policy reaches the zone's alone */
function forAllBut(
  zone: ZoneBoundary,
  roles: readonly string[],
  part: string,
  actions: readonly string[],
): WantedDenial {
  const isOneOf = (arn: string, anyAccount: boolean): boolean =>
    roles.some((role) => {
      const account = arn.startsWith(`arn:${zone.partition}:iam::`) ? arn.split(":")[4] : undefined;
      const known = account !== undefined && (zone.accounts.has(account) || (anyAccount && account === "*"));
      return known && arn === `arn:${zone.partition}:iam::${account}:${role}`;
    });
  return {
    subject: [part],
    actions,
    everybody: `anybody but ${roles.join(", ").replace(/, (?=[^,]*$)/, " and ")}`,
    to: (whom) => `to ${whom}`,
    principal: somebody,
    context: signed,
    present: new Set(["aws:principalarn"]),
    toldBy: new Set(["aws:principalarn"]),
    among: (condition) => {
      const { operator, key, values } = condition;
      // Only the operators for ARNs keep a wildcard within the account.
      const comparesArns = operator === "ArnLike" || operator === "ArnEquals";
      const compares = comparesArns || operator === "StringEquals" || operator === "StringLike";
      const rightful =
        key.toLowerCase() === "aws:principalarn" && compares && values.every((arn) => isOneOf(arn, comparesArns));
      return rightful ? [] : undefined;
    },
  };
}

function outsideRegions(zone: ZoneBoundary): readonly WantedDenial[] {
  return [
    elsewhere(zone, "aws:requestedregion", "kms:CreateKey"),
    elsewhere(zone, "kms:primaryregion", "kms:UpdatePrimaryRegion"),
    elsewhere(zone, "kms:replicaregion", "kms:ReplicateKey"),
  ];
}

function elsewhere(zone: ZoneBoundary, regionKey: string, action: string): WantedDenial {
  const compares = new Set(["StringEquals", "StringLike", "StringEqualsIgnoreCase"]);
  return {
    subject: ["serviceControl.regions", action.replace("kms:", "")],
    actions: [action],
    everybody: `any Region but ${zone.regions.join(", ")}`,
    to: (whom) => `in ${whom}`,
    principal: somebody,
    context: signed,
    present: new Set([regionKey]),
    toldBy: new Set([regionKey]),
    among: (condition) => {
      const { operator, key, values } = condition;
      if (key.toLowerCase() !== regionKey || !compares.has(operator)) return undefined;
      return values.filter((region) => !zone.regions.includes(region));
    },
  };
}

/** Whoever a condition can mean and who is not in the zone. */
function placedOutside(
  principal: PrincipalName,
  zone: ZoneBoundary,
  zones: ZoneBoundaries,
): ForbiddenRequests["among"] {
  return (condition: Condition, statement: Statement) => {
    const names = { negated: false, names: [principal] };
    const bounds = boundsOfStatement({ ...statement, principal: names, conditions: [condition] }, zone.partition);
    return bounds.unbounded.length > 0 ? undefined : zones.outside(bounds, zone);
  };
}

function requester(text: string): Requester {
  const parsed = parseRequester(text);
  if (parsed === undefined) throw new Error(`${text} is not a principal`);
  return parsed;
}
