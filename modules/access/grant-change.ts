import { uniqueNames } from "../aws/name-order";
import { type AccessChange, type ChangePlace, outsideWords } from "./access-change";
import { type Grant, type GrantConstraint, withEncryptionContext } from "./grant-match";
import { boundsOfPrincipal } from "./principal-bounds";
import { whoByName, whoName } from "./who";

/**
 * Who gains and who loses what from one grant to another. A grant to somebody else is another grant; one
 * that a constraint narrows gives nobody anything.
 *
 * @param before undefined where there was none
 * @param after undefined where there is none any more
 */
export function grantChanges(before: Grant | undefined, after: Grant | undefined, place: ChangePlace): AccessChange[] {
  return [...heldBeyond("gains", after, before, place), ...heldBeyond("loses", before, after, place)];
}

/** What a grant gives and another does not. */
function heldBeyond(
  effect: AccessChange["effect"],
  grant: Grant | undefined,
  other: Grant | undefined,
  place: ChangePlace,
): AccessChange[] {
  if (grant === undefined) return [];
  const held = other?.grantee === grant.grantee ? other.operations : [];
  const isWithin = other !== undefined && covers(other.constraint, grant.constraint);
  const operations = grant.operations.filter(
    (operation) => !held.includes(operation) || (!isWithin && isConstrained(operation)),
  );
  const change = (principal: string, actions: readonly string[]): AccessChange => ({
    effect,
    who: whoName(whoByName(principal)),
    actions: uniqueNames(actions),
    through: `grant ${grant.id}`,
    outside: outsideWords(boundsOfPrincipal(principal, place.partition), place),
  });
  const retires = grant.retiring !== undefined && grant.retiring !== other?.retiring;
  return [
    ...(operations.length === 0
      ? []
      : [
          change(
            grant.grantee,
            operations.map((operation) => `kms:${operation}`),
          ),
        ]),
    ...(retires && grant.retiring !== undefined ? [change(grant.retiring, ["kms:RetireGrant"])] : []),
  ];
}

/** A grant that is made by this one has to be as narrow. */
function isConstrained(operation: string): boolean {
  return withEncryptionContext.has(operation) || operation === "CreateGrant";
}

/** Whether everything that one constraint lets pass, another lets pass as well. */
function covers(wide: GrantConstraint | undefined, narrow: GrantConstraint | undefined): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  const isIncluded = Object.entries(wide.pairs).every(([name, value]) => narrow.pairs[name] === value);
  if (wide.kind === "subset") return isIncluded;
  return narrow.kind === "equals" && isIncluded && Object.keys(wide.pairs).length === Object.keys(narrow.pairs).length;
}
