import { isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import { duplicateNames } from "../../access/json-text";
import { isFields } from "../../access/stack-reading";

/**
 * A template as AWS has it, JSON or YAML, as far as it says the same: intrinsic functions in their long form, single dependencies in
 * lists, and scalars as text, which CloudFormation turns into what a property takes.
 *
 * @returns undefined for what is neither, has what CloudFormation does not know, or says one thing twice
 */
export function readTemplateText(text: string): unknown {
  const json = parseJson(text);
  if (json !== undefined) return duplicateNames(text, json).length > 0 ? undefined : templateValue(json);
  const document = parseDocument(text, { prettyErrors: false, merge: false, schema: "core" });
  if (document.errors.length > 0) return undefined;
  try {
    return templateValue(plainValue(document.contents));
  } catch (error) {
    if (error instanceof UnknownYaml) return undefined;
    throw error;
  }
}

/**
 * A value with one way to write it.
 *
 * AWS hands templates out with question marks in place of all characters beyond ASCII:
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1220
 */
export function templateValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(templateValue);
  if (isFields(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [asciiText(name), templateValue(inList(name, inner))]),
    );
  }
  return value === null || value === undefined ? null : asciiText(String(value));
}

function asciiText(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/gu, "?");
}

function inList(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (name === "DependsOn") return [value];
  const dot = value.indexOf(".");
  return name === "Fn::GetAtt" && dot > 0 ? [value.slice(0, dot), value.slice(dot + 1)] : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

class UnknownYaml extends Error {}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const functions: ReadonlySet<string> = new Set(
  "And Base64 Cidr Equals FindInMap GetAZs GetAtt If ImportValue Join Length Not Or Select Split Sub ToJsonString Transform".split(
    " ",
  ),
);

/** Plain scalars by their text: how long a number is written, or which words are booleans, is no difference here. */
function plainValue(node: unknown): unknown {
  if (node === null) return null;
  if (isScalar(node)) return withTag(node, isNull(node.value, node.tag) ? null : (node.source ?? String(node.value)));
  if (isSeq(node)) return withTag(node, node.items.map(plainValue));
  if (!isMap(node)) throw new UnknownYaml();
  const entries = node.items.map(({ key, value }) => {
    if (!isScalar(key)) throw new UnknownYaml();
    return [String(key.source ?? key.value), plainValue(value)] as const;
  });
  return withTag(node, Object.fromEntries(entries));
}

function isNull(value: unknown, tag: string | undefined): boolean {
  return value === null && tag === undefined;
}

function withTag({ tag }: Node, value: unknown): unknown {
  const name = tag?.slice(1);
  if (tag === undefined || tag.startsWith("tag:yaml.org,2002:")) return value;
  if (name === "Ref" || name === "Condition") return { [name]: value };
  if (name === undefined || !functions.has(name)) throw new UnknownYaml();
  return { [`Fn::${name}`]: value };
}
