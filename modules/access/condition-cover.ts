import { matchArn } from "./arn-match";
import { type OperatorUse, parseOperator } from "./condition/evaluate-condition";
import { isMultivalued } from "./condition/multivalued-keys";
import type { Condition } from "./policy-statement";
import { hasWildcard, matchPattern, type Pattern, parsePattern } from "./wildcard";

/** A condition, and whether `${aws:…}` is a variable in it. */
export interface ReadCondition {
  readonly condition: Condition;
  readonly hasVariables: boolean;
}

/** Whether one condition surely holds whenever another does. */
export function isImplied(wide: ReadCondition, narrow: ReadCondition): boolean {
  const uses = usesOf(wide, narrow);
  if (uses === undefined) return false;
  const [wideUse, narrowUse] = uses;
  const [wideValues, narrowValues] = [valuesOf(wide, wideUse), valuesOf(narrow, narrowUse)];
  if (wideUse.set !== narrowUse.set || wideUse.family !== narrowUse.family) return false;
  // A key that is not there passes with IfExists, of which AWS says two things together with ForAnyValue.
  const absent = wideUse.set === undefined ? wideUse.ifExists || !narrowUse.ifExists : isSameUse(wideUse, narrowUse);
  if (wideUse.negated === narrowUse.negated) {
    if (!absent && !wideUse.negated) return false;
    if (wideUse.set !== undefined && !absent) return false;
    return wideUse.negated
      ? wideValues.every((value) => narrowValues.some((known) => contains(known, value)))
      : narrowValues.every((value) => wideValues.some((known) => contains(known, value)));
  }
  // To be one of these is to be none of others.
  return wideUse.negated && wideUse.set === undefined && isOneOf(narrowUse) && areApart(narrowValues, wideValues);
}

/** Whether two conditions on a request surely never hold together. */
export function excludeEachOther(a: ReadCondition, b: ReadCondition): boolean {
  const uses = usesOf(a, b);
  if (uses === undefined) return false;
  const [useA, useB] = uses;
  if (useA.family !== useB.family || useA.set !== undefined || useB.set !== undefined) return false;
  const [valuesA, valuesB] = [valuesOf(a, useA), valuesOf(b, useB)];
  if (useA.negated && useB.negated) return false;
  if (useA.negated || useB.negated) {
    const [one, none] = useA.negated ? [valuesB, valuesA] : [valuesA, valuesB];
    const required = isOneOf(useA.negated ? useB : useA);
    return required && one.every((value) => none.some((known) => contains(known, value)));
  }
  return (isOneOf(useA) || isOneOf(useB)) && areApart(valuesA, valuesB) && areApart(valuesB, valuesA);
}

/** Each value for itself, of a condition that any of them fulfils; undefined for one that cannot be taken apart. */
export function oneByOne(condition: Condition): Condition[] | undefined {
  const use = parseOperator(condition.operator);
  if (use === undefined || use.set === "ForAllValues" || use.name.includes("Not")) return undefined;
  if (condition.values.length < 2 || (use.set === undefined && isMultivalued(condition.key))) return undefined;
  return condition.values.map((value) => ({ ...condition, values: [value] }));
}

interface Use extends OperatorUse {
  /** Operators of one family say the same of the same literal value. */
  readonly family: string;
  readonly negated: boolean;
  readonly wildcards: boolean;
  readonly multivalued: boolean;
}

interface Value {
  readonly family: string;
  readonly text: string;
  /** Undefined for a text with a variable. */
  readonly pattern: Pattern | undefined;
}

function usesOf(a: ReadCondition, b: ReadCondition): readonly [Use, Use] | undefined {
  if (a.condition.key.toLowerCase() !== b.condition.key.toLowerCase()) return undefined;
  const [useA, useB] = [useOf(a), useOf(b)];
  return useA === undefined || useB === undefined ? undefined : [useA, useB];
}

/**
 * ArnEquals and ArnLike "behave identically".
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
function useOf({ condition }: ReadCondition): Use | undefined {
  const use = parseOperator(condition.operator);
  if (use === undefined) return undefined;
  const negated = use.name.includes("Not");
  const positive = use.name.replace("Not", "");
  const isArn = positive === "ArnEquals" || positive === "ArnLike";
  const isString = positive === "StringEquals" || positive === "StringLike";
  const family = isArn ? "Arn" : isString ? "String" : positive;
  const multivalued = isMultivalued(condition.key);
  return { ...use, family, negated, wildcards: isArn || positive === "StringLike", multivalued };
}

function valuesOf({ condition, hasVariables }: ReadCondition, use: Use): Value[] {
  return condition.values.map((text) => {
    // Where variables are text, a value with one means another than where they are not.
    if (text.includes("${"))
      return { family: use.family, text: `${hasVariables} ${use.wildcards} ${text}`, pattern: undefined };
    return { family: use.family, text, pattern: use.wildcards ? parsePattern(text) : [text] };
  });
}

function isSameUse(a: Use, b: Use): boolean {
  return a.set === b.set && a.ifExists === b.ifExists && a.negated === b.negated;
}

/** Whether the request has to have the key, with one of the values. */
function isOneOf({ set, ifExists, negated, family, multivalued }: Use): boolean {
  return set === undefined && !multivalued && !ifExists && !negated && (family === "String" || family === "Arn");
}

/** Whether whatever one value matches, another does too. */
function contains(wide: Value, narrow: Value): boolean {
  if (wide.pattern === undefined || narrow.pattern === undefined) return wide.text === narrow.text;
  if (wide.family !== "String" && wide.text === narrow.text) return true;
  if (wide.family !== "String" && wide.family !== "Arn") return false;
  if (!hasWildcard(narrow.pattern)) return matches(wide, narrow);
  if (wide.text === narrow.text) return hasWildcard(wide.pattern);
  // `…/team/*` is below `…/*`; of an ARN only where the wildcard is in the last component.
  const prefix = wide.text.slice(0, -1);
  if (!hasWildcard(wide.pattern) || !wide.text.endsWith("*") || /[*?]/.test(prefix)) return false;
  return narrow.text.startsWith(prefix) && (wide.family === "String" || prefix.split(":").length >= 6);
}

function matches({ family, pattern }: Value, literal: Value): boolean {
  if (pattern === undefined) return false;
  const truth = family === "Arn" ? matchArn(pattern, literal.text) : matchPattern(pattern, literal.text);
  return truth === true;
}

/** Literal values that no pattern among the others matches. */
function areApart(literals: readonly Value[], others: readonly Value[]): boolean {
  return literals.every(
    (value) =>
      value.pattern !== undefined &&
      !hasWildcard(value.pattern) &&
      others.every((other) => other.pattern !== undefined && !matches(other, value)),
  );
}
