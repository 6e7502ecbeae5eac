import type { AccessChange } from "../access/access-change";
import type { Grant, GrantConstraint } from "../access/grant-match";
import { outsidersOf } from "../access/outsiders";
import type { Policy } from "../access/policy-statement";
import { boundsOfPrincipal, boundsOfStatement, type PrincipalBounds } from "../access/principal-bounds";
import { matchAction } from "../access/statement-match";
import { possible } from "../access/truth";
import { whoByName, whoIsMeant, whoName } from "../access/who";
import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import { allKeyActions } from "../aws/kms-actions";
import { nameOrder, uniqueNames } from "../aws/name-order";
import type { PartitionName } from "../aws/partition";

/** Where a key is. */
export interface KeyPlace {
  readonly region: string;
  readonly partition: PartitionName;
  readonly zone: ZoneBoundary;
  readonly zones: ZoneBoundaries;
}

/** Whether somebody who is, or may be, outside of the zone gains anything. */
export function gainsFromOutside(changes: readonly AccessChange[]): boolean {
  return changes.some(({ effect, outside }) => effect === "gains" && outside !== undefined);
}

export function outsideWords(bounds: PrincipalBounds, { zone, zones }: KeyPlace): string | undefined {
  const outsiders = outsidersOf(bounds, zone, zones);
  return outsiders === undefined ? undefined : `${outsiders.whom}${outsiders.because}`;
}

/** Everything that a key policy gives; whoever has a Deny as well is told all the same. */
export function accessByPolicy(policy: Policy | undefined, place: KeyPlace): AccessChange[] {
  if (policy === undefined || !policy.understood) {
    return [
      {
        effect: "gains",
        who: "anybody",
        actions: ["kms:*"],
        through: "a policy that nobody can read",
        outside: "anybody",
      },
    ];
  }
  return policy.statements.flatMap((statement, index) => {
    if (statement.effect === "Deny" && statement.understood) return [];
    const through = `statement ${statement.sid ?? index + 1}`;
    const known = allKeyActions.filter((action) => possible(matchAction(statement.action, action)));
    const actions = known.length === 0 ? uniqueNames(statement.action.patterns) : known.toSorted(nameOrder);
    return whoIsMeant(statement.principal).map(({ who, element }): AccessChange => {
      const bounds = boundsOfStatement({ ...statement, principal: element }, place.partition);
      return { effect: "gains", who: whoName(who), actions, through, outside: outsideWords(bounds, place) };
    });
  });
}

/**
 * Who gains and who loses what from one grant to another.
 *
 * @param before undefined where there was none
 * @param after undefined where there is none
 */
export function grantChanges(before: Grant | undefined, after: Grant | undefined, place: KeyPlace): AccessChange[] {
  return [...givenBeyond(before, after, "gains", place), ...givenBeyond(after, before, "loses", place)];
}

/** What a grant gives that another one does not. */
function givenBeyond(
  other: Grant | undefined,
  grant: Grant | undefined,
  effect: AccessChange["effect"],
  place: KeyPlace,
): AccessChange[] {
  if (grant === undefined) return [];
  const through = `grant ${grant.name === "" ? grant.id : grant.name}`;
  const isWithin = (principal: string): boolean =>
    other?.grantee === principal && covers(other.constraint, grant.constraint);
  const operations = grant.operations.filter(
    (operation) => !isWithin(grant.grantee) || other?.operations.includes(operation) !== true,
  );
  const holders = [
    { name: grant.grantee, actions: uniqueNames(operations.map((operation) => `kms:${operation}`)) },
    { name: grant.retiring, actions: grant.retiring === other?.retiring ? [] : ["kms:RetireGrant"] },
  ];
  return holders.flatMap(({ name, actions }): AccessChange[] => {
    if (name === undefined || actions.length === 0) return [];
    const outside = outsideWords(boundsOfPrincipal(name, place.partition), place);
    return [{ effect, who: whoName(whoByName(name)), actions, through, outside }];
  });
}

/** Whether everything that one constraint lets pass, another lets pass as well. */
function covers(wide: GrantConstraint | undefined, narrow: GrantConstraint | undefined): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  const isIncluded = Object.entries(wide.pairs).every(([name, value]) => narrow.pairs[name] === value);
  if (wide.kind === "subset") return isIncluded;
  return narrow.kind === "equals" && isIncluded && Object.keys(wide.pairs).length === Object.keys(narrow.pairs).length;
}
