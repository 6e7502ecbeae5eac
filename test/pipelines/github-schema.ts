import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./rendered";

/** GitHub's own form of a schema: https://github.com/actions/languageservices, workflow-parser. */
interface Definition {
  readonly context?: readonly string[];
  readonly mapping?: {
    readonly properties?: Readonly<Record<string, string | { readonly type: string; readonly required?: boolean }>>;
    readonly "loose-key-type"?: string;
    readonly "loose-value-type"?: string;
  };
  readonly sequence?: { readonly "item-type": string };
  readonly "one-of"?: readonly string[];
  readonly "allowed-values"?: readonly string[];
  readonly string?: { readonly constant?: string; readonly "require-non-empty"?: boolean };
  readonly boolean?: object;
  readonly number?: object;
  readonly null?: object;
}

const { definitions }: { definitions: Readonly<Record<string, Definition>> } = JSON.parse(
  readFileSync(join(root, "test/fixtures/schemas/github-workflow-v1.0.json"), "utf8"),
);

/** The forms that GitHub has built in. */
const builtIn: Readonly<Record<string, Definition>> = {
  any: {},
  string: { string: {} },
  boolean: { boolean: {} },
  number: { number: {} },
  null: { null: {} },
  mapping: { mapping: { "loose-key-type": "string", "loose-value-type": "any" } },
  sequence: { sequence: { "item-type": "any" } },
};

/** @returns each place that GitHub would refuse, with what is wrong */
export function githubProblems(
  value: unknown,
  type = "workflow-root-strict",
  place = "",
  above: readonly string[] = [],
): string[] {
  const definition = definitions[type] ?? builtIn[type];
  if (definition === undefined) return [`${place}: the schema has no ${type}`];
  const contexts = [...above, ...(definition.context ?? [])];
  if (type === "any") return [];
  const options = definition["one-of"];
  if (options !== undefined) {
    const tried = options.map((option) => githubProblems(value, option, place, contexts));
    if (tried.some((problems) => problems.length === 0)) return [];
    return [...tried].sort((a, b) => a.length - b.length || deepest(b) - deepest(a))[0] ?? [];
  }
  if (typeof value === "string" && value.includes("${{")) {
    if (contexts.length === 0) return [`${place}: takes no expression, got ${value}`];
    const wrong = [...value.matchAll(/\$\{\{(.*?)\}\}/g)].flatMap(([, text = ""]) => unknownNames(text, contexts));
    return wrong.map((name) => `${place}: may not use ${name} in ${value}`);
  }
  const wrong = (what: string): string[] => [`${place}: must be ${what} (${type}), got ${JSON.stringify(value)}`];
  if (definition.mapping !== undefined) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong("a mapping");
    return mappingProblems(value, definition.mapping, place, contexts);
  }
  if (definition.sequence !== undefined) {
    const item = definition.sequence["item-type"];
    if (!Array.isArray(value)) return wrong("a list");
    return value.flatMap((each, index) => githubProblems(each, item, `${place}.${index}`, contexts));
  }
  if (definition["allowed-values"] !== undefined) {
    return definition["allowed-values"].some((each) => each === value)
      ? []
      : wrong(definition["allowed-values"].join(", "));
  }
  if (definition.boolean !== undefined) return typeof value === "boolean" ? [] : wrong("true or false");
  if (definition.number !== undefined) return typeof value === "number" ? [] : wrong("a number");
  if (definition.null !== undefined) return value === null ? [] : wrong("empty");
  const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  if (typeof text !== "string") return wrong("text");
  if (definition.string?.constant !== undefined && definition.string.constant !== text) {
    return wrong(definition.string.constant);
  }
  return definition.string?.["require-non-empty"] === true && text === "" ? wrong("not empty") : [];
}

function mappingProblems(
  value: object,
  { properties = {}, ...loose }: NonNullable<Definition["mapping"]>,
  place: string,
  contexts: readonly string[],
): string[] {
  const problems = Object.entries(properties).flatMap(([name, property]) =>
    typeof property === "object" && property.required === true && !(name in value)
      ? [`${place}.${name}: is missing`]
      : [],
  );
  for (const [name, inner] of Object.entries(value)) {
    const property = properties[name];
    const type = typeof property === "string" ? property : (property?.type ?? loose["loose-value-type"]);
    if (type === undefined) problems.push(`${place}.${name}: is not known`);
    else problems.push(...githubProblems(inner, type, `${place}.${name}`, contexts));
  }
  return problems;
}

/** Names at the root of an expression, and functions, that are not to be had where it stands. */
function unknownNames(expression: string, contexts: readonly string[]): string[] {
  const always = ["contains", "startsWith", "endsWith", "format", "join", "toJSON", "fromJSON", "case"];
  const known = new Set([...contexts.map((name) => name.replace(/\(.*/, "")), ...always, "true", "false", "null"]);
  const code = expression.replaceAll(/'(?:[^']|'')*'/g, "''");
  return [...code.matchAll(/(?<![.\w-])[A-Za-z_][\w-]*/g)].map(([name]) => name).filter((name) => !known.has(name));
}

function deepest(problems: readonly string[]): number {
  return Math.max(0, ...problems.map((problem) => problem.split(":")[0]?.split(".").length ?? 0));
}
