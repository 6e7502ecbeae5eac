import { uniqueNames } from "../aws/name-order";
import type { PartitionName } from "../aws/partition";
import type { PatternElement, Policy, Statement } from "./policy-statement";
import { coversConditions, partsOf, type RegionalStatement } from "./statement-cover";
import { statementDetail } from "./statement-detail";
import { actionsOf } from "./who-can";
import { hasWildcard, matchWildcards, parsePattern } from "./wildcard";

/** Something that a statement of one policy says, and another policy does not surely say as well. */
export interface PolicyGap {
  readonly statement: Statement;
  /** `statement OnlyBreakGlassDestroys` */
  readonly through: string;
  /** In name order; a pattern where no action is known that it means. */
  readonly actions: readonly string[];
  /** On which of its resources. */
  readonly resource: PatternElement;
}

/**
 * What a policy allows or denies, and another one does not surely allow or deny, on the same conditions or fewer.
 *
 * @param other undefined for a policy that nobody can read, which may say nothing
 */
export function policyGaps(
  effect: Statement["effect"],
  policy: Policy,
  other: Policy | undefined,
  partition: PartitionName,
): PolicyGap[] {
  const inPlace = (statement: Statement): RegionalStatement => ({ statement, region: "", partition });
  const others = (other?.understood === true ? other.statements : [])
    .filter((each) => each.effect === effect && each.understood)
    .map(inPlace);
  return policy.statements
    .filter((statement) => statement.effect === effect)
    .flatMap((statement): PolicyGap[] => {
      const alike = others.filter((each) => isAlike(each, inPlace(statement)));
      const open = byResource(statement).flatMap((resource) => {
        const reaching = alike.filter((each) => covers(each.statement.resource, resource, false));
        const actions = uncoveredActions(statement, reaching);
        return actions.length === 0 ? [] : [{ resource, actions }];
      });
      if (open.length === 0) return [];
      const { negated } = statement.resource;
      return [
        {
          statement,
          through: statementDetail(statement, policy.statements),
          actions: uniqueNames(open.flatMap(({ actions }) => actions)),
          resource: { negated, patterns: open.flatMap(({ resource }) => resource.patterns) },
        },
      ];
    });
}

const noExtra = (): boolean => false;

/** Means the same principals, whatever the action, whenever the other one does. */
function isAlike(wide: RegionalStatement, statement: RegionalStatement): boolean {
  const meant = partsOf(wide).map(({ principal }) => principal);
  const isMeant = partsOf(statement).every(({ principal }) => meant.includes(principal) || meant.includes("*"));
  return isMeant && statement.statement.understood && coversConditions(wide, statement, noExtra);
}

function byResource({ resource }: Statement): PatternElement[] {
  return resource.negated ? [resource] : resource.patterns.map((pattern) => ({ negated: false, patterns: [pattern] }));
}

function uncoveredActions({ action }: Statement, others: readonly RegionalStatement[]): readonly string[] {
  const isCovered = (element: PatternElement): boolean =>
    others.some(({ statement }) => covers(statement.action, element, true));
  if (action.negated) return isCovered(action) ? [] : [`everything but ${action.patterns.join(", ")}`];
  return action.patterns.flatMap((pattern) => {
    const element = { negated: false, patterns: [pattern] };
    if (isCovered(element)) return [];
    const open = actionsOf(element).filter((known) => !isCovered({ negated: false, patterns: [known] }));
    // What comes tomorrow, and what other services have, is in no list here: the pattern stands for it.
    return open.length === 0 || !/^kms:/i.test(pattern)
      ? [pattern, ...open.filter((known) => known !== pattern)]
      : open;
  });
}

/** Whether an element means everything that another means. */
function covers(wide: PatternElement, narrow: PatternElement, ignoreCase: boolean): boolean {
  const isWithin = (pattern: string, patterns: readonly string[]): boolean =>
    patterns.some((each) => coversPattern(each, pattern, ignoreCase));
  if (wide.negated) {
    // What is left out of the wider one has to be left out of the narrower one, too.
    return narrow.negated && wide.patterns.every((pattern) => isWithin(pattern, narrow.patterns));
  }
  if (narrow.negated) return wide.patterns.includes("*");
  return narrow.patterns.every((pattern) => isWithin(pattern, wide.patterns));
}

/** A pattern taken for a text: `?` never stands for the `*` of another. */
function coversPattern(wide: string, narrow: string, ignoreCase: boolean): boolean {
  if (wide === narrow) return true;
  if (wide.includes("?") && hasWildcard(parsePattern(narrow))) return false;
  return matchWildcards(wide, narrow, { ignoreCase }) === true;
}
