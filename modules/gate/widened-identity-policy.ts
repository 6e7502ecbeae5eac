import { actionsText } from "../access/key-actions";
import type { Policy, Statement } from "../access/policy-statement";
import { leadsToKeys, reachOutside } from "../access/reach-outside";
import { partsOf, type RegionalStatement, uncovered } from "../access/statement-cover";
import { statementDetail } from "../access/statement-detail";
import { actionsOf } from "../access/who-can";
import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import type { Widening } from "./widened-key-policy";

/**
 * What a consumer policy reaches beyond its account's zone and did not before: there the account is the one from outside.
 *
 * @param before undefined for a policy that is not there yet, or cannot be read: it gave nothing
 * @param after undefined for one that cannot be read: it may give everything
 */
export function widenedIdentityPolicy(
  before: Policy | undefined,
  after: Policy | undefined,
  zone: ZoneBoundary,
  zones: ZoneBoundaries,
): Widening[] {
  if (after?.understood !== true) return [{ detail: ["policy"], why: "nobody can read which keys it would reach" }];
  const inPlace = (statement: Statement): RegionalStatement => ({ statement, region: "", partition: zone.partition });
  const former = (before?.understood === true ? before.statements : [])
    .filter(({ effect }) => effect === "Allow")
    .flatMap(byResource)
    .map(inPlace);
  return after.statements
    .filter(({ effect, action }) => effect === "Allow" && leadsToKeys(action))
    .flatMap((statement) =>
      byResource(statement).flatMap((single): Widening[] => {
        const [reach] = reachOutside(single, zone, zones);
        if (reach === undefined) return [];
        const added = partsOf(inPlace(single)).flatMap((part) => [
          ...uncovered(part, inPlace(single), former, () => false),
        ]);
        const others = actionsOf(single.action).length > 0 && !takesRoles(single) ? [] : newPatterns(single, former);
        if (added.length === 0 && others.length === 0) return [];
        const what = added.length === 0 ? others.join(", ") : actionsText(added);
        const detail = [statementDetail(statement, after.statements), reach.what];
        return [{ detail, why: `would give the account ${what} where it ${reach.why}, outside zone ${zone.name}` }];
      }),
    );
}

/** One statement a resource, so that each is held against the former ones by itself. */
function byResource(statement: Statement): Statement[] {
  const { negated, patterns } = statement.resource;
  if (negated) return [statement];
  return [...new Set(patterns)].map((pattern) => ({ ...statement, resource: { negated: false, patterns: [pattern] } }));
}

function takesRoles({ action }: Statement): boolean {
  return action.negated || action.patterns.some((pattern) => !/^kms:/i.test(pattern));
}

/** Actions of other services are in no list here: they have to stand in a former statement with the same resource and conditions. */
function newPatterns(statement: Statement, former: readonly RegionalStatement[]): readonly string[] {
  const same = former.filter(
    ({ statement: other }) =>
      JSON.stringify(other.resource) === JSON.stringify(statement.resource) &&
      other.action.negated === statement.action.negated &&
      conditionsOf(other) === conditionsOf(statement),
  );
  const known = new Set(same.flatMap(({ statement: { action } }) => action.patterns));
  if (statement.action.negated)
    return same.some((each) => sameActions(each, statement)) ? [] : ["everything but what it names"];
  return statement.action.patterns.filter((pattern) => !known.has(pattern) && !/^kms:/i.test(pattern));
}

function sameActions({ statement }: RegionalStatement, { action }: Statement): boolean {
  return JSON.stringify(statement.action) === JSON.stringify(action);
}

function conditionsOf({ conditions }: Statement): string {
  return JSON.stringify(
    conditions.map(({ operator, key, values }) => [operator, key.toLowerCase(), [...values].sort()]),
  );
}
