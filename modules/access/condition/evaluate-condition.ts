import { remembered } from "../../aws/remembered";
import type { Condition } from "../policy-statement";
import { resolveVariables } from "../policy-variables";
import { contextValue, type Request } from "../request";
import { all, any, not, type Truth } from "../truth";
import { parsePattern } from "../wildcard";
import { arnOperators } from "./arn-operators";
import { booleanOperators } from "./boolean-operators";
import { dateOperators } from "./date-operators";
import { ipAddressOperators } from "./ip-address-operators";
import { isMultivalued } from "./multivalued-keys";
import { numericOperators } from "./numeric-operators";
import type { Operator } from "./operator";
import { stringOperators } from "./string-operators";

const operators: ReadonlyMap<string, Operator> = new Map([
  ...stringOperators,
  ...numericOperators,
  ...dateOperators,
  ...booleanOperators,
  ...ipAddressOperators,
  ...arnOperators,
]);

/** Every operator there is, without set operators and IfExists. */
export const operatorNames: readonly string[] = [...operators.keys(), "Null"];

/** An operator as written, taken apart. */
export interface OperatorUse {
  readonly set: "ForAllValues" | "ForAnyValue" | undefined;
  readonly name: string;
  readonly ifExists: boolean;
}

/** @returns undefined for an operator that AWS does not have, or not in this combination or spelling */
export const parseOperator: (written: string) => OperatorUse | undefined = remembered((written) => {
  const match = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(written);
  const name = match?.[2] ?? "";
  if (match === null || (name !== "Null" && !operators.has(name))) return undefined;
  const set = match[1] === "ForAllValues" || match[1] === "ForAnyValue" ? match[1] : undefined;
  const ifExists = match[3] !== undefined;
  if (name === "Null" && (ifExists || set !== undefined)) return undefined;
  return { set, name, ifExists };
});

/**
 * Whether one condition holds for a request.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 * (several values are joined by OR, for negated operators by NOR) and, for missing keys and sets of values,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function evaluateCondition(condition: Condition, request: Request, hasVariables: boolean): Truth {
  const use = parseOperator(condition.operator);
  if (use === undefined) return "unknown";
  const actual = contextValue(request, condition.key);
  if (use.name === "Null")
    return evaluateNull(condition.values, actual !== "unknown" ? actual === "absent" : "unknown");
  const operator = operators.get(use.name);
  if (operator === undefined || actual === "unknown") return "unknown";
  if (actual === "absent") return whenAbsent(use, operator.negated);

  const expected = condition.values.map((value) =>
    // Without variables even `${*}` is text, and only the operators that know wildcards read them.
    hasVariables && operator.takesVariables ? resolveVariables(value, request) : parsePattern(value),
  );
  // "There is no equal or like value", and inverted operators "do match against a null value"; of inverted operators over
  // sets of values the page does not speak.
  const againstNull: Truth = use.set !== undefined && operator.negated ? "unknown" : false;
  const matches = (value: string): Truth => {
    const positive = any(
      expected.map((pattern) =>
        pattern === "null" ? againstNull : pattern === "unknown" ? "unknown" : operator.matches(pattern, value),
      ),
    );
    return operator.negated ? not(positive) : positive;
  };
  if (use.set === "ForAllValues") {
    const result = all(actual.map(matches));
    // "… or if the context key value resolves to a null dataset, such as an empty string."
    return result === false && actual.every((value) => value === "") ? "unknown" : result;
  }
  if (use.set === "ForAnyValue") return any(actual.map(matches));
  // "Multivalued context keys require a condition set operator": without one, AWS says nothing of the outcome.
  const [only, second] = actual;
  if (only === undefined || second !== undefined || isMultivalued(condition.key)) return "unknown";
  return matches(only);
}

/**
 * "If the key that you specify in a policy condition is not present in the request context, the values do not match and
 * the condition is false. If the policy condition requires that the key is not matched, such as StringNotLike or
 * ArnNotLike, and the right key is not present, the condition is true." IfExists: "If the key is not present, evaluate the
 * condition element as true." ForAllValues "also returns true if there are no context keys in the request", and for
 * ForAnyValue "if the key does not exist, the condition returns false".
 */
function whenAbsent(use: OperatorUse, negated: boolean): Truth {
  if (use.set === "ForAllValues") return true;
  // Two sentences that contradict each other, and none about both together.
  if (use.set === "ForAnyValue") return use.ifExists ? "unknown" : false;
  return use.ifExists || negated;
}

/** `"Null": {"key": "true"}` holds when the key is missing, with `"false"` when it is there. */
function evaluateNull(values: readonly string[], missing: Truth): Truth {
  return any(
    values.map((value) => {
      const word = value.toLowerCase();
      return word === "true" ? missing : word === "false" ? not(missing) : "unknown";
    }),
  );
}
