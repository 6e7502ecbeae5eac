import { patternText } from "../wildcard";
import type { Operator } from "./operator";

const words = new Set(["true", "false"]);

/**
 * `Bool` compares the words true and false, `BinaryEquals` bytes in Base64.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean
 */
export const booleanOperators: readonly [string, Operator][] = [
  [
    "Bool",
    {
      negated: false,
      takesVariables: false,
      matches: (expected, actual) => {
        const [wanted, given] = [patternText(expected).toLowerCase(), actual.toLowerCase()];
        return words.has(wanted) && words.has(given) ? wanted === given : "unknown";
      },
    },
  ],
  [
    "BinaryEquals",
    {
      negated: false,
      takesVariables: false,
      matches: (expected, actual) => {
        const [wanted, given] = [patternText(expected), actual];
        return isBase64(wanted) && isBase64(given) ? wanted === given : "unknown";
      },
    },
  ],
];

function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}
