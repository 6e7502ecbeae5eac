import { accountRootArn } from "../aws/arn";
import type { PartitionName } from "../aws/partition";
import { parseOperator } from "./condition/evaluate-condition";
import type { Condition, PrincipalElement, Statement } from "./policy-statement";
import { regionNeutral, regionNeutralService } from "./region-neutral";
import { actionsOf } from "./who-can";

/** A statement of one key's policy, to be held against one of a related key's. */
export interface RegionalStatement {
  readonly statement: Statement;
  /** The key's. */
  readonly region: string;
  readonly partition: PartitionName;
}

/** What a statement says to one principal. */
export interface PrincipalPart {
  /** The same for the same principal, however it is written. */
  readonly principal: string;
  readonly actions: readonly string[];
}

const everybody = "*";

/** A statement's principals, one by one; NotPrincipal is one, that no other statement means. */
export function partsOf({ statement, region, partition }: RegionalStatement): PrincipalPart[] {
  const actions = actionsOf(statement.action);
  return principalsOf(statement.principal, region, partition).map((principal) => ({ principal, actions }));
}

function principalsOf(element: PrincipalElement | undefined, region: string, partition: PartitionName): string[] {
  if (element === undefined) return [everybody];
  const names = element.names.map(({ type, value }) => {
    if (type === "Any" || (type === "AWS" && value === "*")) return everybody;
    if (type === "Service") return `Service ${regionNeutralService(value, region)}`;
    if (type === "AWS") return /^\d{12}$/.test(value) ? accountRootArn(partition, value) : value;
    return `${type} ${value}`;
  });
  return element.negated ? [`NotPrincipal ${[...names].sort().join(", ")}`] : [...new Set(names)];
}

/** A value of a narrower statement's condition that counts as one of the wider one's. */
export type ExtraValue = (condition: Condition, value: string) => boolean;

/**
 * The actions of a part that none of the wider statements says: to the same principal or to everybody, on the same
 * conditions or fewer. Values that stand for a key's own Region are the same in both.
 */
export function uncovered(
  part: PrincipalPart,
  narrow: RegionalStatement,
  wides: readonly RegionalStatement[],
  isExtra: ExtraValue,
): readonly string[] {
  if (!narrow.statement.understood) return part.actions;
  const covered = new Set(
    wides
      .filter((wide) => coversResource(wide, narrow) && coversConditions(wide, narrow, isExtra))
      .flatMap(partsOf)
      .filter(({ principal }) => principal === part.principal || principal === everybody)
      .flatMap(({ actions }) => actions),
  );
  return part.actions.filter((action) => !covered.has(action));
}

/** In a key policy `*` is the key itself. */
function coversResource({ statement }: RegionalStatement, narrow: RegionalStatement): boolean {
  const { negated, patterns } = statement.resource;
  if (!statement.understood) return false;
  return (
    (!negated && patterns.includes("*")) ||
    JSON.stringify(statement.resource) === JSON.stringify(narrow.statement.resource)
  );
}

/** Whether whatever meets the narrower statement's conditions meets the wider one's. */
export function coversConditions(wide: RegionalStatement, narrow: RegionalStatement, isExtra: ExtraValue): boolean {
  // In a policy of version 2008-10-17 a variable is text like any other.
  const sameVariables = wide.statement.hasVariables === narrow.statement.hasVariables;
  return wide.statement.conditions.every((condition) => {
    if (!sameVariables && condition.values.some((value) => value.includes("${"))) return false;
    const inWide = condition.values.map((value) => ({ value, region: wide.region }));
    return narrow.statement.conditions.some((other) => {
      if (other.operator !== condition.operator || other.key.toLowerCase() !== condition.key.toLowerCase())
        return false;
      const inNarrow = other.values.map((value) => ({ value, region: narrow.region }));
      const listed = inNarrow.every(
        (value) => isExtra(other, value.value) || inWide.some((known) => isSameValue(condition.key, value, known)),
      );
      const all = inWide.every((value) => inNarrow.some((known) => isSameValue(condition.key, value, known)));
      return isNarrower(condition.operator, listed, all);
    });
  });
}

/**
 * @param listed the wider condition has all values of the narrower one
 * @param all the narrower condition has all values of the wider one
 */
function isNarrower(operator: string, listed: boolean, all: boolean): boolean {
  const use = parseOperator(operator);
  if (use === undefined) return false;
  // Of a negated operator each value more leaves somebody else out.
  return use.name.includes("Not") ? all : listed;
}

interface RegionalValue {
  readonly value: string;
  readonly region: string;
}

function isSameValue(key: string, a: RegionalValue, b: RegionalValue): boolean {
  if (a.value === b.value) return true;
  if (key.toLowerCase() === "aws:requestedregion" && a.value === a.region && b.value === b.region) return true;
  return regionNeutral(a.value, a.region) === regionNeutral(b.value, b.region);
}
