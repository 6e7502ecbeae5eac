import type { Truth } from "../truth";
import { type Pattern, patternText } from "../wildcard";
import { type Operator, withNegation } from "./operator";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric */
export const numericOperators: readonly [string, Operator][] = [
  ...withNegation(
    "NumericEquals",
    "NumericNotEquals",
    false,
    compare((expected, actual) => actual === expected),
  ),
  ["NumericLessThan", ordered((expected, actual) => actual < expected)],
  ["NumericLessThanEquals", ordered((expected, actual) => actual <= expected)],
  ["NumericGreaterThan", ordered((expected, actual) => actual > expected)],
  ["NumericGreaterThanEquals", ordered((expected, actual) => actual >= expected)],
];

function ordered(holds: (expected: number, actual: number) => boolean): Operator {
  return { negated: false, takesVariables: false, matches: compare(holds) };
}

function compare(holds: (expected: number, actual: number) => boolean): Operator["matches"] {
  return (expected: Pattern, actual: string): Truth => {
    const [wanted, given] = [parseNumber(patternText(expected)), parseNumber(actual)];
    return wanted === undefined || given === undefined ? "unknown" : holds(wanted, given);
  };
}

/** Integers and decimals; undefined for everything else. */
function parseNumber(text: string): number | undefined {
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}
