import { matchPattern, patternText } from "../wildcard";
import { type Operator, withNegation } from "./operator";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String */
export const stringOperators: readonly [string, Operator][] = [
  ...withNegation("StringEquals", "StringNotEquals", true, (expected, actual) => patternText(expected) === actual),
  ...withNegation(
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    true,
    (expected, actual) => patternText(expected).toLowerCase() === actual.toLowerCase(),
  ),
  ...withNegation("StringLike", "StringNotLike", true, (expected, actual) => matchPattern(expected, actual)),
];
