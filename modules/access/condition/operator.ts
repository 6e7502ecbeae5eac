import type { Truth } from "../truth";
import type { Pattern } from "../wildcard";

/** How one value of a policy is compared with one value of a request. */
export interface Operator {
  /** `…Not…`: holds when none of the policy's values matches. */
  readonly negated: boolean;
  /** Policy variables work with string and ARN operators alone. */
  readonly takesVariables: boolean;
  /** The comparison before negation; `unknown` where a value is not of the operator's type. */
  matches(expected: Pattern, actual: string): Truth;
}

/** An operator and its negated twin. */
export function withNegation(
  name: string,
  negatedName: string,
  takesVariables: boolean,
  matches: Operator["matches"],
): [string, Operator][] {
  return [
    [name, { negated: false, takesVariables, matches }],
    [negatedName, { negated: true, takesVariables, matches }],
  ];
}
