import { type AccessChange, type ChangePlace, outsideWords } from "../access/access-change";
import type { Grant, GrantConstraint } from "../access/grant-match";
import { boundsOfPrincipal } from "../access/principal-bounds";
import { whoByName, whoName } from "../access/who";
import { uniqueNames } from "../aws/name-order";

/**
 * Who gains and who loses what from one grant to another.
 *
 * @param before undefined where there was none
 * @param after undefined where there is none
 */
export function grantChanges(before: Grant | undefined, after: Grant | undefined, place: ChangePlace): AccessChange[] {
  return [...givenBeyond(before, after, "gains", place), ...givenBeyond(after, before, "loses", place)];
}

/** What a grant gives that another one does not. */
function givenBeyond(
  other: Grant | undefined,
  grant: Grant | undefined,
  effect: AccessChange["effect"],
  place: ChangePlace,
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
