import type { PatternElement, Policy, Statement } from "../access/policy-statement";
import { coversConditions, partsOf, type RegionalStatement } from "../access/statement-cover";
import { statementDetail } from "../access/statement-detail";
import { actionsOf } from "../access/who-can";
import { hasWildcard, matchWildcards, parsePattern } from "../access/wildcard";
import { uniqueNames } from "../aws/name-order";
import type { PartitionName } from "../aws/partition";

/** Something that one statement denies, and another policy does not surely deny as well. */
export interface DenialGap {
  /** `statement OnlyBreakGlassDestroys` */
  readonly statement: string;
  /** In name order; a pattern where no action is known that it means. */
  readonly actions: readonly string[];
}

/**
 * What a policy denies, and another one does not surely deny, on the same conditions or fewer. Statements that allow count for
 * nothing: a guardrail has none.
 *
 * @param other undefined for a policy that nobody can read, which may deny nothing
 */
export function denialGaps(policy: Policy, other: Policy | undefined, partition: PartitionName): DenialGap[] {
  const inPlace = (statement: Statement): RegionalStatement => ({ statement, region: "", partition });
  const denials = (other?.understood === true ? other.statements : [])
    .filter(({ effect, understood }) => effect === "Deny" && understood)
    .map(inPlace);
  return policy.statements
    .filter(({ effect }) => effect === "Deny")
    .flatMap((statement): DenialGap[] => {
      const alike = denials.filter((denial) => isAlike(denial, inPlace(statement)));
      const actions = uniqueNames(
        byResource(statement).flatMap((resource) => {
          const reaching = alike.filter((denial) => covers(denial.statement.resource, resource, false));
          return uncoveredActions(statement, reaching);
        }),
      );
      return actions.length === 0 ? [] : [{ statement: statementDetail(statement, policy.statements), actions }];
    });
}

const noExtra = (): boolean => false;

/** Denies the same principals, whatever the action, whenever the other one does. */
function isAlike(denial: RegionalStatement, statement: RegionalStatement): boolean {
  const meant = partsOf(denial).map(({ principal }) => principal);
  const isMeant = partsOf(statement).every(({ principal }) => meant.includes(principal) || meant.includes("*"));
  return isMeant && statement.statement.understood && coversConditions(denial, statement, noExtra);
}

function byResource({ resource }: Statement): PatternElement[] {
  return resource.negated ? [resource] : resource.patterns.map((pattern) => ({ negated: false, patterns: [pattern] }));
}

function uncoveredActions({ action }: Statement, denials: readonly RegionalStatement[]): readonly string[] {
  const isCovered = (element: PatternElement): boolean =>
    denials.some(({ statement }) => covers(statement.action, element, true));
  if (action.negated) return isCovered(action) ? [] : [`everything but ${action.patterns.join(", ")}`];
  return action.patterns.flatMap((pattern) => {
    const element = { negated: false, patterns: [pattern] };
    if (isCovered(element)) return [];
    const open = actionsOf(element).filter((known) => !isCovered({ negated: false, patterns: [known] }));
    // All that is known is denied, and what comes tomorrow is not.
    return open.length === 0 ? [pattern] : open;
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
