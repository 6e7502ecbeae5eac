import { policyText } from "../policies/policy-document";
import { escapePointer } from "./json-pointer";
import type { Place } from "./policy-statement";
import { type Fields, isFields, type StackReading } from "./stack-reading";

/** A CloudFormation template as the stack hands it over: what it comes to depends on account and Region. */
export interface CloudFormationTemplate extends Place {
  readonly body: Fields;
  /** Whether it stands in a text: what is inside then has no pointer of its own. */
  readonly isText: boolean;
  /** The values that the stack gives for its parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** As CloudFormation is given it, in UTF-8. */
  readonly bytes: number;
}

/**
 * The template of a StackSet or of a stack. Without one CloudFormation keeps what it has, and behind an address anybody may have put
 * another one since.
 *
 * @returns undefined, and a note, when there is none that can be read
 */
export function readTemplate(reading: StackReading, fields: Fields, path: string): CloudFormationTemplate | undefined {
  if (fields.template_url !== undefined) {
    reading.note(`${path}/template_url`, "nobody knows here what the template at an address says");
    return undefined;
  }
  const parameters = readParameters(reading, fields.parameters, `${path}/parameters`);
  const found = reading.encoded(fields, "template_body", path, "template");
  if (found === undefined) return undefined;
  if (!isFields(found.value)) {
    reading.note(found.path, "a template has to be an object");
    return undefined;
  }
  return {
    document: reading.document,
    path: found.path,
    body: found.value,
    isText: found.text !== undefined,
    parameters,
    bytes: Buffer.byteLength(found.text ?? policyText(found.value), "utf8"),
  };
}

function readParameters(reading: StackReading, value: unknown, path: string): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const literal = reading.literal(value, path);
  if (!isFields(literal)) {
    reading.note(path, "parameters have to be pairs of texts");
    return {};
  }
  const texts = Object.entries(literal).filter((pair): pair is [string, string] => {
    if (typeof pair[1] === "string") return true;
    // An expression has its note.
    if (pair[1] !== undefined) reading.note(`${path}/${escapePointer(pair[0])}`, "a parameter has to be a text");
    return false;
  });
  return Object.fromEntries(texts);
}
