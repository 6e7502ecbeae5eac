import { contextValue, type Request } from "./request";
import { type Pattern, parsePattern } from "./wildcard";

/** A policy's value with its variables replaced. `null`: a variable has no value, so there is no equal or like value. */
export type ResolvedValue = Pattern | "null" | "unknown";

/**
 * Replaces policy variables: `${aws:PrincipalAccount}`, with a default `${aws:PrincipalTag/team, 'none'}`, and `${*}`,
 * `${?}`, `${$}` for the characters themselves. What a variable brings in is literal, wildcards included.
 *
 * "Policy variables with no value": the value is effectively null, and "there is no equal or like value".
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function resolveVariables(text: string, request: Request): ResolvedValue {
  if (!text.includes("${")) return parsePattern(text);
  const parts: (Pattern[number] | string)[] = [];
  let rest = text;
  while (rest !== "") {
    const start = rest.indexOf("${");
    if (start === -1) {
      parts.push(...parsePattern(rest));
      break;
    }
    parts.push(...parsePattern(rest.slice(0, start)));
    const variable = /^\$\{([^}]*)\}/.exec(rest.slice(start));
    if (variable === null) return "unknown";
    const value = variableValue(variable[1] ?? "", request);
    if (value === "null" || value === "unknown") return value;
    parts.push(value.text);
    rest = rest.slice(start + variable[0].length);
  }
  return parts;
}

function variableValue(inside: string, request: Request): { readonly text: string } | "null" | "unknown" {
  if (inside === "*" || inside === "?" || inside === "$") return { text: inside };
  const variable = /^\s*([^\s,']+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside);
  if (variable === null) return "unknown";
  const [, key = "", defaultText] = variable;
  const value = contextValue(request, key);
  if (value === "unknown") return "unknown";
  if (value === "absent") return defaultText === undefined ? "null" : { text: defaultText };
  const [only, second] = value;
  // Only single-valued keys can be variables.
  return only === undefined || second !== undefined ? "unknown" : { text: only };
}
