import { parseIamPrincipalArn } from "../modules/aws/arn";
import { nameOrder, uniqueNames } from "../modules/aws/name-order";
import type { DutyRole } from "./duty-roles";
import type { Json, JsonObject } from "./module-json";

export interface RoleVariables {
  /** `variable` blocks by name; the map's role is the default of each. */
  readonly variables: JsonObject;
  /** The same part of a stack, with a reference to its variable in place of each role. */
  substitute(part: Json): Json;
}

/**
 * Variables for the roles that stand in a stack. The zone proof held for the map's roles, and what it says of zones and
 * duties has to hold for any other: a variable takes a role of the same account alone, none that has another duty, and
 * none that uses a key.
 *
 * A role gets a variable only if it always stands by itself: a text that merely contains it would go on with the old one.
 */
export function roleVariables(part: Json, roles: readonly DutyRole[]): RoleVariables {
  const texts = uniqueNames(textsOf(part));
  const replaced = roles
    .filter(({ arn }) => texts.includes(arn) && !texts.some((text) => text !== arn && mentions(text, arn)))
    .sort((a, b) => nameOrder(a.variable, b.variable));
  const references = new Map(replaced.map(({ arn, variable }) => [arn, `\${var.${variable}}`]));
  const others = texts.filter((text) => parseIamPrincipalArn(text)?.kind === "role" && !references.has(text));
  return {
    variables: Object.fromEntries(
      replaced.map((role, index) => [role.variable, variableOf(role, replaced.slice(0, index), others)]),
    ),
    substitute: (value) => mapTexts(value, (text) => references.get(text) ?? text),
  };
}

/**
 * @param before roles with variables of their own: each is held against those before it, since Terraform refuses two
 * validations that look at each other's variable as a cycle
 * @param others roles that stand in the stack beside those
 */
function variableOf(
  { variable, duty, arn }: DutyRole,
  before: readonly DutyRole[],
  others: readonly string[],
): JsonObject {
  const prefix = arn.slice(0, arn.indexOf(":role/") + ":role/".length);
  const used = others.filter((other) => other.startsWith(prefix));
  return {
    default: arn,
    description: `The ${duty}'s ARN, wherever a policy names it. Another one has to be of the same account, without another duty and without use of a key`,
    nullable: false,
    type: "string",
    validation: [
      {
        condition: `\${can(regex("^${prefix}[A-Za-z0-9_+=,.@/-]+$", var.${variable}))}`,
        error_message: `${variable} must be the ARN of a role of this module's account: ${prefix}NAME.`,
      },
      ...(before.length === 0
        ? []
        : [
            {
              condition: `\${!contains([${before.map((other) => `var.${other.variable}`).join(", ")}], var.${variable})}`,
              error_message: `${variable} must not have another duty: one role in two duties is no separation of duties.`,
            },
          ]),
      ...(used.length === 0
        ? []
        : [
            {
              condition: `\${!contains(${JSON.stringify(used)}, var.${variable})}`,
              error_message: `${variable} must not be a role that uses a key: who manages keys never uses them.`,
            },
          ]),
    ],
  };
}

/** Whether a role's ARN is part of a longer text, and not just the beginning of another role's. */
function mentions(text: string, arn: string): boolean {
  for (let at = text.indexOf(arn); at !== -1; at = text.indexOf(arn, at + 1)) {
    if (!/^[\w+=,.@/-]/.test(text.slice(at + arn.length))) return true;
  }
  return false;
}

function textsOf(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((inner) => mapTexts(inner, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, change)]));
}
