import { type ParsedStackText, parseStackText } from "../../access/parse-stack-text";
import { type Fields, isFields } from "../../access/stack-reading";

/** A stack's JSON, or why two readers could understand its text differently. */
export type StackJson = ({ readonly json: Fields } | { readonly unreadable: string }) & {
  /** What stands at its `//`, as far as it can be told. */
  readonly comment: unknown;
};

/** Takes a stack's JSON and its comments apart. */
export function readStackJson(text: string): StackJson {
  return readParsedJson(parseStackText(text));
}

/** The same of a text that is parsed already. */
export function readParsedJson({ text, json, error, duplicates: [twice] }: ParsedStackText): StackJson {
  if (error !== undefined) return { unreadable: `it is not JSON: ${error}`, comment: undefined };
  if (json === undefined) return { unreadable: "it is no object", comment: undefined };
  const comment = json["//"];
  if (twice !== undefined) return { unreadable: `${twice} stands twice`, comment };
  const inexact = inexactNumber(text);
  if (inexact !== undefined) return { unreadable: `${inexact} is a number that cannot be compared exactly`, comment };
  return { json: withoutComments(json), comment };
}

/** Decimal digits that a double keeps whatever they are. */
const EXACT_DIGITS = 15;

/** Terraform reads more digits than JavaScript keeps: two numbers could look the same here and not be. */
function inexactNumber(text: string): string | undefined {
  const outsideOfTexts = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  for (const [number] of outsideOfTexts.matchAll(/-?\d[\d.eE+-]*/g)) {
    if (!/^-?\d+(?:\.\d+)?$/.test(number) || number.replaceAll(/\D/g, "").length > EXACT_DIGITS) return number;
  }
  return undefined;
}

/** Blocks whose bodies stand below so many labels. */
const labels: ReadonlyMap<string, number> = new Map([
  ["check", 1],
  ["data", 2],
  ["import", 0],
  ["module", 1],
  ["moved", 0],
  ["output", 1],
  ["provider", 1],
  ["removed", 0],
  ["resource", 2],
  ["terraform", 0],
  ["variable", 1],
]);

/**
 * Leaves out what Terraform does not read: `//` in the body of a block. Inside of a value, as in tags, it is a name like any
 * other.
 *
 * Source: https://developer.hashicorp.com/terraform/language/syntax/json#comment-properties
 */
function withoutComments(json: Fields): Fields {
  return Object.fromEntries(
    Object.entries(json)
      .filter(([name]) => name !== "//")
      .map(([name, value]) => {
        const depth = labels.get(name);
        return [name, depth === undefined ? value : belowLabels(value, depth)];
      }),
  );
}

function belowLabels(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return value.map((inner) => belowLabels(inner, depth));
  if (!isFields(value)) return value;
  if (depth === 0) return body(value);
  return Object.fromEntries(Object.entries(value).map(([label, inner]) => [label, belowLabels(inner, depth - 1)]));
}

function body(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => name !== "//")
      .map(([name, value]) => [name, name === "lifecycle" ? belowLabels(value, 0) : value]),
  );
}
