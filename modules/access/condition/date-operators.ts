import type { Truth } from "../truth";
import { type Pattern, patternText } from "../wildcard";
import { type Operator, withNegation } from "./operator";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date */
export const dateOperators: readonly [string, Operator][] = [
  ...withNegation(
    "DateEquals",
    "DateNotEquals",
    false,
    compare((expected, actual) => actual === expected),
  ),
  ["DateLessThan", ordered((expected, actual) => actual < expected)],
  ["DateLessThanEquals", ordered((expected, actual) => actual <= expected)],
  ["DateGreaterThan", ordered((expected, actual) => actual > expected)],
  ["DateGreaterThanEquals", ordered((expected, actual) => actual >= expected)],
];

function ordered(holds: (expected: number, actual: number) => boolean): Operator {
  return { negated: false, takesVariables: false, matches: compare(holds) };
}

function compare(holds: (expected: number, actual: number) => boolean): Operator["matches"] {
  return (expected: Pattern, actual: string): Truth => {
    const [wanted, given] = [parseDate(patternText(expected)), parseDate(actual)];
    return wanted === undefined || given === undefined ? "unknown" : holds(wanted, given);
  };
}

/**
 * Milliseconds since 1970 of a date in one of the W3C's forms of ISO 8601 that say the time zone, of a plain date (UTC),
 * or of epoch seconds; undefined for everything else.
 */
function parseDate(text: string): number | undefined {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
