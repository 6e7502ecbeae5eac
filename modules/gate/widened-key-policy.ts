import { actionsText } from "../access/key-actions";
import { outsidersOf } from "../access/outsiders";
import type { Policy, Statement } from "../access/policy-statement";
import { boundsOfStatement } from "../access/principal-bounds";
import { partsOf, type RegionalStatement, uncovered } from "../access/statement-cover";
import { statementDetail } from "../access/statement-detail";
import { whoIsMeant, whoName } from "../access/who";
import { actionsOf } from "../access/who-can";
import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";

/** Something that somebody outside a zone can do from now on. */
export interface Widening {
  readonly detail: readonly string[];
  readonly why: string;
}

/**
 * Whoever is outside the zone, and may do by the policy afterwards what no statement before surely gave them: to the same
 * principal, on the same conditions or fewer. A Deny that goes, or lets somebody off, gives back what it took from those
 * outside whom a statement names.
 *
 * @param before undefined for a key that is not there yet, or a policy that cannot be read: it gave nothing
 * @param after undefined for one that cannot be read: it may give everything
 */
export function widenedKeyPolicy(
  before: Policy | undefined,
  after: Policy | undefined,
  zone: ZoneBoundary,
  zones: ZoneBoundaries,
  region: string,
): Widening[] {
  if (after?.understood !== true) return [{ detail: ["policy"], why: "nobody can read whom its policy would let in" }];
  const { partition } = zone;
  const inPlace = (statement: Statement): RegionalStatement => ({ statement, region, partition });
  const [formerAllows, formerDenies] = parted(before, inPlace);
  const [allows, denies] = parted(after, inPlace);
  const lifted = formerDenies.flatMap((deny) => liftedBy(deny, denies));
  return allows.flatMap(({ statement }) =>
    whoIsMeant(statement.principal).flatMap(({ who, element }): Widening[] => {
      const reduced = { ...statement, principal: element };
      const outsiders = outsidersOf(boundsOfStatement(reduced, partition), zone, zones);
      if (outsiders === undefined) return [];
      const added = addedActions(inPlace(reduced), formerAllows);
      const returned = actionsOf(statement.action).filter((action) => lifted.includes(action));
      const actions = [...new Set([...added, ...returned])].sort();
      if (actions.length === 0 && !hasNewPatterns(statement, formerAllows)) return [];
      const what = actions.length === 0 ? statement.action.patterns.join(", ") : actionsText(actions);
      const since = added.length === 0 && returned.length > 0 ? ", which a Deny kept from them" : "";
      return [
        {
          detail: [statementDetail(statement, after.statements), whoName(who)],
          why: `would let ${outsiders.whom} do ${what} with a key of zone ${zone.name}${since}${outsiders.because}`,
        },
      ];
    }),
  );
}

function parted(
  policy: Policy | undefined,
  inPlace: (statement: Statement) => RegionalStatement,
): [allows: RegionalStatement[], denies: RegionalStatement[]] {
  const statements = (policy?.statements ?? []).map(inPlace);
  return [
    statements.filter(({ statement }) => statement.effect === "Allow" && policy?.understood === true),
    statements.filter(({ statement }) => statement.effect === "Deny"),
  ];
}

const nobodyExtra = (): boolean => false;

function addedActions(statement: RegionalStatement, before: readonly RegionalStatement[]): string[] {
  return partsOf(statement).flatMap((part) => [...uncovered(part, statement, before, nobodyExtra)]);
}

/** What a Deny took from anybody, and no Deny surely takes from the same any more. */
function liftedBy(deny: RegionalStatement, after: readonly RegionalStatement[]): string[] {
  return addedActions(deny, after);
}

/** Actions that AWS does not know yet are in no list of known ones. */
function hasNewPatterns({ action }: Statement, before: readonly RegionalStatement[]): boolean {
  if (actionsOf(action).length > 0) return false;
  return !before.some(({ statement }) => JSON.stringify(statement.action) === JSON.stringify(action));
}
