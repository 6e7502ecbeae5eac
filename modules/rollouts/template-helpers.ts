import { isAmbiguous } from "./plain-scalar";

/** A value that cannot be written where a template asks for it. */
export class UnfitValue extends Error {
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

/** A safely quoted YAML scalar. */
export function textHelper(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  throw new UnfitValue(
    `is ${kindOf(value)}, and {{text}} writes text`,
    "write lists and mappings with {{json}} or {{yaml}}",
  );
}

/** A value as JSON in one line, which is YAML too. */
export function jsonHelper(value: unknown): string {
  if (value === undefined) throw new UnfitValue("has no value", "name something that the data has");
  return escaped(JSON.stringify(value));
}

/**
 * A value as block YAML, every line of it indented. A text with `${AWS::…}` becomes an `Fn::Sub`, in which every other
 * `${` stays what it is: an IAM policy variable.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
 */
export function yamlHelper(value: unknown, indent: unknown): string {
  if (value === undefined) throw new UnfitValue("has no value", "name something that the data has");
  if (typeof indent !== "number" || !Number.isInteger(indent) || indent < 0) {
    throw new UnfitValue("is without its indentation", "give the number of blanks: {{{yaml VALUE 8}}}");
  }
  const margin = " ".repeat(indent);
  return block(value)
    .lines.map((line) => `${margin}${line}`)
    .join("\n");
}

/** What `{{name}}` writes as it is: nothing in it can end a scalar, begin a mapping or a comment, or substitute. */
export function plainHelper(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") {
    throw new UnfitValue(`is ${kindOf(value)}`, "write lists and mappings with {{json}} or {{yaml}}");
  }
  if (/^[A-Za-z0-9_./:@+=*-]*$/.test(value)) return value;
  const unsafe = "has characters that YAML or CloudFormation may take for their own";
  throw new UnfitValue(`${unsafe}: ${quoted(value.slice(0, 80))}`, "write it quoted, with {{text}}");
}

const pseudoParameter = /\$\{AWS::[A-Za-z]+\}/;

function substitution(text: string): string {
  return text.replaceAll(/\$\{(?!AWS::[A-Za-z]+\})/g, "${!");
}

/** A value in block style: one line that can stand behind its key, or lines that have to stand below it. */
interface Block {
  readonly lines: readonly string[];
  readonly below: boolean;
}

/** @param verbatim below an intrinsic function, where a text is already what CloudFormation is meant to see */
function block(value: unknown, verbatim = false): Block {
  if (typeof value === "string" && !verbatim && pseudoParameter.test(value)) {
    return { lines: [`Fn::Sub: ${scalar(substitution(value))}`], below: true };
  }
  if (Array.isArray(value) && value.length > 0) {
    const lines = value.flatMap((item) =>
      block(item, verbatim).lines.map((line, index) => `${index === 0 ? "-" : " "} ${line}`),
    );
    return { lines, below: true };
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    const lines = entries.flatMap(([key, item]) => {
      const inner = block(item, verbatim || isFunctionName(key));
      if (!inner.below) return [`${scalar(key)}: ${inner.lines.join("")}`];
      return [`${scalar(key)}:`, ...inner.lines.map((line) => `  ${line}`)];
    });
    return entries.length === 0 ? { lines: ["{}"], below: false } : { lines, below: true };
  }
  return { lines: [Array.isArray(value) ? "[]" : scalar(value)], below: false };
}

function isFunctionName(key: string): boolean {
  return key === "Ref" || key.startsWith("Fn::");
}

/** Text that no YAML reader takes for anything else stands as it is; everything else as JSON. */
function scalar(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const plain = /^[A-Za-z/][\w./@+=*:, -]*[\w/*]$/.test(value) && !value.includes(": ") && !isAmbiguous(value);
  return plain ? value : quoted(value);
}

function quoted(text: string): string {
  return escaped(JSON.stringify(text));
}

/** JSON leaves alone what a YAML reader breaks lines at or refuses: everything that cannot be seen. */
function escaped(json: string): string {
  return json.replaceAll(
    /[\u007f-\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u206f\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return "without a value";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "a mapping" : `a ${typeof value}`;
}
