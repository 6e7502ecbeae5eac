import { matchArn } from "../arn-match";
import { type Operator, withNegation } from "./operator";

/**
 * "Each of the six colon-delimited components of the ARN is checked separately and each can include multi-character
 * match wildcards (*) or single-character match wildcards (?)." `ArnEquals` and `ArnLike` behave identically.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export const arnOperators: readonly [string, Operator][] = [
  ...withNegation("ArnEquals", "ArnNotEquals", true, matchArn),
  ...withNegation("ArnLike", "ArnNotLike", true, matchArn),
];
