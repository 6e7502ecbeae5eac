import type { AccountPlace } from "../../access/access-index";
import { placeContext, requesterContext } from "../../access/implied-context";
import { usingActions } from "../../access/key-actions";
import { type ContextLayer, contextLayer, newRequest, type Request } from "../../access/request";
import { parseRequester, type Requester } from "../../access/requester";
import type { ZoneBoundary } from "../../access/zone-boundary";
import { kmsActions } from "../../aws/kms-actions";
import type { ControlPolicyKind } from "../../aws/organizations";
import { stackSetsRole } from "../../aws/stack-sets-role";
import { boundaryChanges, roleChanges, rolesBoundary } from "../../policies/roles-boundary";

/** Requests that no guardrail of a zone may deny. */
export interface Right {
  /** `use`, `break-glass`, `deploy`, `stack-sets`, `roles` or `services`. */
  readonly name: string;
  /** `role/OrgKeysDeploy of account payments-prod (310000000002)` */
  readonly who: string;
  readonly requests: readonly AlikeRequests[];
}

/** Requests that differ in nothing but their action. */
export interface AlikeRequests {
  readonly actions: readonly string[];
  readonly request: (action: string) => Request;
}

const useActions = [...usingActions, ...kmsActions.reading, "kms:RevokeGrant"];
const deployActions = [
  ...kmsActions.administering,
  ...kmsActions.reading,
  "kms:CreateGrant",
  "kms:CreateKey",
  "kms:RevokeGrant",
  ...kmsActions.replicating,
];

/** One of those that AWS makes. */
const roleOfStackSets = stackSetsRole.replace("*", "0".repeat(32));
const stackSetsActions = [...kmsActions.administering, ...kmsActions.reading, "kms:CreateKey", "kms:ReplicateKey"];

const toOtherRegion: ReadonlySet<string> = new Set(kmsActions.replicating);
const toNoRegion = contextLayer({ "kms:PrimaryRegion": "absent", "kms:ReplicaRegion": "absent" });

/**
 * What goes on in a zone every day and must go on: its roles use its keys, break-glass destroys, Terraform deploys, StackSets
 * bring keys where the map has them do so, AWS services act for its resources.
 *
 * @param reached accounts whose keys (RCP) or principals (SCP) the guardrails reach; nothing is at stake without one
 * @param all accounts of the zone
 */
export function rightsIn(
  zone: ZoneBoundary,
  kind: ControlPolicyKind,
  reached: readonly string[],
  all: readonly string[],
  places: ReadonlyMap<string, AccountPlace>,
): readonly Right[] {
  const [first] = reached;
  if (first === undefined) return [];
  const scene = new Scene(zone, places);
  const own = reached.map((id) => [id, id] as const);
  const across = all
    .filter((id) => id !== first)
    .map((id) => (kind === "resource-control" ? ([id, first] as const) : ([first, id] as const)));
  const services =
    kind === "resource-control"
      ? [
          ...across.map(([source, owner]) => scene.service(source, owner)),
          ...reached.flatMap((owner) => [scene.service(owner, owner), scene.service(undefined, owner)]),
        ]
      : [];
  return [
    ...[...own, ...across].flatMap(([user, owner]) => scene.role("use", user, owner, "role/somebody", useActions)),
    ...own.flatMap(([user, owner]) => [
      ...scene.role("break-glass", user, owner, zone.breakGlass, kmsActions.destroying),
      ...scene.role("deploy", user, owner, zone.deployRole, deployActions),
      ...(zone.rolesByHand === undefined || kind === "resource-control"
        ? []
        : scene.rolesOf(user, zone.rolesByHand.has(user))),
      ...(zone.stackSets ? scene.role("stack-sets", user, owner, roleOfStackSets, stackSetsActions) : []),
    ]),
    ...services.flat(),
  ];
}

/** Makes requests in the zone's Regions, with all that is certain in their context. */
class Scene {
  readonly #zone: ZoneBoundary;
  readonly #places: ReadonlyMap<string, AccountPlace>;

  constructor(zone: ZoneBoundary, places: ReadonlyMap<string, AccountPlace>) {
    this.#zone = zone;
    this.#places = places;
  }

  role(name: string, user: string, owner: string, role: string, actions: readonly string[]): Right[] {
    const principal = parseRequester(`arn:${this.#zone.partition}:iam::${user}:${role}`);
    if (principal === undefined || principal.kind === "service") return [];
    const caller = [requesterContext(principal, this.#places)];
    const who = role === roleOfStackSets ? "StackSets in" : `${role === "role/somebody" ? "roles" : role} of`;
    return this.#inRegions({ name, who: `${who} ${this.#account(user)}`, principal, caller, owner, actions });
  }

  /** Whoever brings the deploy and audit roles to an account changes them. */
  rolesOf(user: string, byHand: boolean): Right[] {
    const { partition, deployRole, auditRole } = this.#zone;
    const arn = (resource: string): string => `arn:${partition}:iam::${user}:${resource}`;
    const principal = parseRequester(arn(byHand ? "role/somebody" : roleOfStackSets));
    if (principal === undefined || principal.kind === "service") return [];
    const implied = [
      requesterContext(principal, this.#places),
      contextLayer({ "aws:ResourceAccount": [user], ...placeContext("aws:Resource", user, this.#places) }),
    ];
    const targets = [
      [deployRole, roleChanges],
      [auditRole, roleChanges],
      [`policy/${rolesBoundary}`, boundaryChanges],
    ] as const;
    return [
      {
        name: "roles",
        who: `${byHand ? "administrators of" : "StackSets in"} ${this.#account(user)}`,
        requests: targets.map(([resource, actions]) => ({
          actions,
          request: (action) =>
            newRequest({ principal, action, resource: { accountId: user, arn: arn(resource), open: false }, implied }),
        })),
      },
    ];
  }

  /** @param source undefined for a service that does not say for whom it acts */
  service(source: string | undefined, owner: string): Right[] {
    const principal: Requester = { kind: "service", name: "service.amazonaws.com" };
    const caller = [
      contextLayer({
        // It stands for every service.
        "aws:PrincipalServiceName": "unknown",
        "aws:SourceAccount": source === undefined ? "absent" : [source],
        ...(source === undefined
          ? { "aws:SourceArn": "absent", "aws:SourceOrgID": "absent", "aws:SourceOrgPaths": "absent" }
          : placeContext("aws:Source", source, this.#places)),
      }),
      requesterContext(principal, this.#places),
    ];
    const forWhom = source === undefined ? "without source account" : `for ${this.#account(source)}`;
    const who = `AWS services ${forWhom}`;
    return this.#inRegions({ name: "services", who, principal, caller, owner, actions: useActions });
  }

  #inRegions(right: {
    readonly name: string;
    readonly who: string;
    readonly principal: Requester;
    readonly caller: readonly ContextLayer[];
    readonly owner: string;
    readonly actions: readonly string[];
  }): Right[] {
    const { name, who, principal, caller, owner, actions } = right;
    const { regions, partition } = this.#zone;
    return regions.map((region, index) => {
      const here = contextLayer({ "aws:RequestedRegion": [region] });
      const key = contextLayer({
        "aws:ResourceAccount": [owner],
        ...placeContext("aws:Resource", owner, this.#places),
      });
      const other = regions[(index + 1) % regions.length] ?? region;
      const there = contextLayer({ "kms:PrimaryRegion": [other], "kms:ReplicaRegion": [other] });
      const resource = { accountId: owner, arn: `arn:${partition}:kms:${region}:${owner}:key/`, open: true };
      const alike = (some: readonly string[], ...layers: readonly ContextLayer[]): AlikeRequests => ({
        actions: some,
        request: (action) => newRequest({ principal, action, resource, implied: [...caller, here, ...layers] }),
      });
      const onKey = actions.filter((action) => action !== "kms:CreateKey" && !toOtherRegion.has(action));
      const replicating = actions.filter((action) => toOtherRegion.has(action));
      return {
        name,
        who,
        requests: [
          alike(onKey, toNoRegion, key),
          // AWS does not say which account and OU a key is in that is not there yet.
          alike(actions.includes("kms:CreateKey") ? ["kms:CreateKey"] : [], toNoRegion),
          // A zone of one Region has no replicas.
          alike(regions.length > 1 ? replicating : [], there, key),
        ],
      };
    });
  }

  #account(id: string): string {
    return `account ${this.#zone.accounts.get(id)} (${id})`;
  }
}
