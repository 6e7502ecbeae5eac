import { gainedAccess } from "../access/gained-access";
import { actionsText } from "../access/key-actions";
import { outsidersOf } from "../access/outsiders";
import type { Policy } from "../access/policy-statement";
import { union } from "../access/principal-bounds";
import { statementDetail } from "../access/statement-detail";
import { whoName } from "../access/who";
import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import { groupedBy } from "../aws/grouped-by";
import { allKeyActions } from "../aws/kms-actions";
import { uniqueNames } from "../aws/name-order";

/** Something that somebody outside a zone can do from now on. */
export interface Widening {
  readonly detail: readonly string[];
  readonly why: string;
}

/**
 * What people outside the zone gain by a key policy, by the statement that gives it and the principal that it names.
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
  const outside = gainedAccess(before, after, { region, partition: zone.partition }).filter(
    ({ bounds }) => outsidersOf(bounds, zone, zones) !== undefined,
  );
  const groups = groupedBy(outside, ({ statement, principal }) =>
    JSON.stringify([after.statements.indexOf(statement), whoName(principal)]),
  );
  return [...groups.values()].flatMap((group): Widening[] => {
    const [first] = group;
    const outsiders = outsidersOf(union(group.map(({ bounds }) => bounds)), zone, zones);
    if (outsiders === undefined) return [];
    const what = whatText(group.flatMap(({ actions }) => actions));
    const since = group.every(({ lifted }) => lifted !== undefined) ? ", which a Deny kept from them" : "";
    return [
      {
        detail: [statementDetail(first.statement, after.statements), whoName(first.principal)],
        why: `would let ${outsiders.whom} do ${what} with a key of zone ${zone.name}${since}${outsiders.because}`,
      },
    ];
  });
}

/** A pattern is told where no action is known that it means. */
function whatText(actions: readonly string[]): string {
  const known = actions.filter((action) => allKeyActions.includes(action));
  return known.length === 0 ? uniqueNames(actions).join(", ") : actionsText(known);
}
