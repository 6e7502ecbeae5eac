import { type AccessChange, type ChangePlace, outsideWords } from "../../access/access-change";
import { grantChanges } from "../../access/grant-change";
import type { Grant } from "../../access/grant-match";
import { keyPolicyChanges } from "../../access/key-policy-change";
import { uniqueNames } from "../../aws/name-order";
import type { LiveGrant, LiveKey } from "../../live/live-account";
import type { DriftContext } from "../drift-context";
import { isDeletedPrincipal } from "../match/grant-content";
import { isForService, isServiceGrant, namedAccounts } from "../match/service-grant";
import { readLivePolicy, withoutDeleted } from "./live-policy";

/**
 * Who can do what with a key by its policy and its grants as they are in AWS. What AWS did not tell is not in it; those of AWS
 * services for themselves are neither.
 */
export function accessOfKey(live: LiveKey, region: string, context: DriftContext): readonly AccessChange[] {
  const place = { ...context, region };
  const byPolicy = "value" in live.policy ? accessByPolicy(live.policy.value, live.arn, place) : [];
  const grants = "value" in live.grants ? live.grants.value : [];
  const byGrants = grants
    .filter((grant) => !isServiceGrant(grant, region, context.zone))
    .flatMap((grant) => changesOfGrant(undefined, grant, place));
  return [...byPolicy, ...together(byGrants)];
}

/** A principal that was deleted is nobody, in a policy as in a grant. */
function accessByPolicy(text: string, arn: string, place: ChangePlace): readonly AccessChange[] {
  const policy = readLivePolicy(text, arn, "key");
  return keyPolicyChanges(undefined, policy === undefined ? undefined : withoutDeleted(policy), place);
}

/**
 * Who gains or loses what where AWS has one grant for a reviewed one. By a grant whose grantee and retiring principal are gone nobody
 * gains.
 */
export function changesOfGrant(
  reviewed: Grant | undefined,
  live: LiveGrant,
  place: ChangePlace,
): readonly AccessChange[] {
  return grantChanges(reviewed, grantOf(live), place)
    .filter(({ effect, who }) => effect === "loses" || !isDeletedPrincipal(who))
    .map((change) =>
      change.effect === "gains" && change.who === live.grantee
        ? { ...change, outside: outsideOf(live, change, place) }
        : change,
    );
}

/**
 * A service acts for whoever uses it, and for the resources of some accounts alone where the constraints say so: they hold for
 * everything that a grant gives, but for looking at the key and for its end.
 */
function outsideOf(live: LiveGrant, change: AccessChange, place: ChangePlace): string | undefined {
  const accounts = namedAccounts(live);
  if (!isForService(live) || accounts.length === 0) return change.outside;
  return outsideWords({ accounts: new Set(accounts), organizationPaths: new Set(), unbounded: [] }, place);
}

/** A grant in the words of a reviewed one. */
function grantOf({ id, name, grantee, retiring, operations, equals, subset }: LiveGrant): Grant {
  const constraint =
    equals !== undefined && Object.keys(equals).length > 0
      ? ({ kind: "equals", pairs: equals } as const)
      : subset !== undefined && Object.keys(subset).length > 0
        ? ({ kind: "subset", pairs: subset } as const)
        : undefined;
  return { document: "AWS", path: `/grants/${id}`, id, name, grantee, retiring, operations, constraint };
}

/** Thousands of grants of one grantee are one line. */
function together(changes: readonly AccessChange[]): AccessChange[] {
  const groups = new Map<string, { readonly first: AccessChange; readonly actions: Set<string>; grants: number }>();
  for (const change of changes) {
    const name = `${change.who}\n${change.outside}`;
    const group = groups.get(name) ?? { first: change, actions: new Set<string>(), grants: 0 };
    for (const action of change.actions) group.actions.add(action);
    group.grants += 1;
    groups.set(name, group);
  }
  return [...groups.values()].map(({ first, actions, grants }) => ({
    ...first,
    actions: uniqueNames(actions),
    through: grants === 1 ? first.through : `${first.through} and ${grants - 1} more`,
  }));
}
