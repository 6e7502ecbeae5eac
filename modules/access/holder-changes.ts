import type { AccessChange, ChangePlace } from "./access-change";
import { type PolicyGap, policyGaps } from "./policy-gaps";
import type { Policy } from "./policy-statement";
import { leadsToKeys, reachOutside } from "./reach-outside";

/**
 * What those who have an identity-based policy gain and lose from one to another, of whatever service: a consumer policy is about
 * keys alone, and anything else in it is somebody's hand. The account is the one from outside here: where
 * the policy reaches a key beyond the account's zone, that is what `outside` says.
 *
 * @param before undefined for a policy that is not there, or cannot be read: it gave nothing
 * @param after undefined for one that cannot be read: it may give everything
 * @param holders ARNs, or whatever names them
 */
export function holderChanges(
  before: Policy | undefined,
  after: Policy | undefined,
  holders: readonly string[],
  place: ChangePlace,
): AccessChange[] {
  const { partition } = place;
  const former = before?.understood === true ? before : nothing;
  const given = after?.understood === true ? after : nothing;
  const unread = after?.understood === true ? [] : [unreadable];
  const gains = [
    ...unread,
    ...policyGaps("Allow", given, former, partition).map((gap) => ({ ...gap, outside: outsideOf(gap, place) })),
    ...policyGaps("Deny", former, given, partition).map(liftedBy),
  ];
  const loses = [...policyGaps("Allow", former, given, partition), ...policyGaps("Deny", given, former, partition)];
  return [
    ...holders.flatMap((who) =>
      gains.map(({ actions, through, outside }) => change("gains", who, actions, through, outside)),
    ),
    ...holders.flatMap((who) => loses.map(({ actions, through }) => change("loses", who, actions, through, undefined))),
  ];
}

const nothing: Policy = { document: "nothing", path: "", statements: [], understood: true };

const unreadable = { actions: ["kms:*"], through: "policy", outside: "nobody can read which keys it reaches" };

function liftedBy({ actions, through }: PolicyGap): Omit<AccessChange, "effect" | "who"> {
  return { actions, through: `${through}, which denies less`, outside: undefined };
}

function outsideOf({ statement, resource }: PolicyGap, { zone, zones }: ChangePlace): string | undefined {
  if (!leadsToKeys(statement.action)) return undefined;
  return reachOutside({ ...statement, resource }, zone, zones)[0]?.why;
}

function change(
  effect: AccessChange["effect"],
  who: string,
  actions: readonly string[],
  through: string,
  outside: string | undefined,
): AccessChange {
  return { effect, who, actions, through, outside };
}
