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
  const unread = after?.understood === true ? [] : [unreadable];
  const steps = holderSteps(before, after, place);
  const gains = [...unread, ...steps.filter(({ effect }) => effect === "gains")];
  const loses = steps.filter(({ effect }) => effect === "loses");
  return [
    ...holders.flatMap((who) =>
      gains.map(({ actions, through, outside }) => change("gains", who, actions, through, outside)),
    ),
    ...holders.flatMap((who) => loses.map(({ actions, through }) => change("loses", who, actions, through, undefined))),
  ];
}

/** One gain or loss of whoever has an identity-based policy. */
export interface HolderStep extends PolicyGap {
  readonly effect: AccessChange["effect"];
  readonly outside: string | undefined;
}

/** What somebody gains and loses who has the policy, statement by statement; nothing of what cannot be read. */
export function holderSteps(before: Policy | undefined, after: Policy | undefined, place: ChangePlace): HolderStep[] {
  const { partition } = place;
  const former = before?.understood === true ? before : nothing;
  const given = after?.understood === true ? after : nothing;
  const step = (effect: AccessChange["effect"], gap: PolicyGap, outside?: string): HolderStep => ({
    ...gap,
    effect,
    outside,
  });
  return [
    ...policyGaps("Allow", given, former, partition).map((gap) => step("gains", gap, outsideOf(gap, place))),
    ...policyGaps("Deny", former, given, partition).map((gap) => step("gains", liftedBy(gap))),
    ...policyGaps("Allow", former, given, partition).map((gap) => step("loses", gap)),
    ...policyGaps("Deny", given, former, partition).map((gap) => step("loses", gap)),
  ];
}

const nothing: Policy = { document: "nothing", path: "", statements: [], understood: true };

const unreadable = { actions: ["kms:*"], through: "policy", outside: "nobody can read which keys it reaches" };

function liftedBy(gap: PolicyGap): PolicyGap {
  return { ...gap, through: `${gap.through}, which denies less` };
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
