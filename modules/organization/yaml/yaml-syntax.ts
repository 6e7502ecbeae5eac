import { type Document, visit, type YAMLError } from "yaml";

/** What is wrong with a file's YAML, and where, in characters from the beginning of the text. */
export interface YamlSyntaxProblem {
  readonly offset: number;
  readonly message: string;
  readonly fix: string;
}

/** Says a parser's error to people who do not know YAML's grammar, at the place that they have to change. */
export function yamlSyntaxProblem(error: YAMLError, document: Document, text: string): YamlSyntaxProblem {
  const [from] = error.pos;
  // Where the parser gives up on nesting depends on how much stack it had left.
  if (error.code === "RESOURCE_EXHAUSTION") return { offset: 0, ...tooDeep };
  if (/^Missing closing ['"]quote/.test(error.message)) {
    const fix = "close it, or double the quote inside the text";
    return { offset: quoteBefore(document, from), message: "opens a quote that is never closed", fix };
  }
  const inLine = text.slice(from).split("\n", 1)[0] ?? "";
  if (error.code === "BLOCK_AS_IMPLICIT_KEY" && !/:(\s|$)/.test(inLine)) {
    const offset = from + inLine.length + (/^\n\s*/.exec(text.slice(from + inLine.length))?.[0].length ?? 0);
    const fix = "start all fields of one mapping in the same column";
    return { offset, message: "is indented deeper than the field before it, which has a value already", fix };
  }
  for (const [pattern, message, fix] of syntaxMessages) {
    if (pattern.test(`${error.code} ${error.message}`)) return { offset: from, message, fix };
  }
  const reason = error.message.replaceAll(/\s+/g, " ").replace(/[.:]$/, "");
  return { offset: from, message: `is not valid YAML: ${reason}`, fix: "correct the syntax here or just before" };
}

/** More levels than any map has, and few enough that nothing which reads the value runs out of stack. */
export const mostLevels = 100;
export const tooDeep = {
  message: "is nested too deeply to be read",
  fix: `a map needs fewer than ${mostLevels} levels`,
} as const;

/** By the parser's error code and text. */
const syntaxMessages: readonly (readonly [pattern: RegExp, message: string, fix: string])[] = [
  [/^TAB_AS_INDENT/, "is indented with a tab, which YAML does not allow", "use blanks"],
  [
    /end with a \]/,
    "comes before the end of the list that is open here",
    "close the list with ], or indent what belongs to it",
  ],
  [
    /end with a \}/,
    "comes before the end of the mapping that is open here",
    "close the mapping with }, or indent what belongs to it",
  ],
  [
    /items must start at the same column/,
    "starts in another column than what stands before it",
    "give all entries of one mapping or list the same indentation",
  ],
  [/^BAD_SCALAR_START/, "starts with a character that YAML keeps for itself", "put the text in quotes"],
  [
    /Nested mappings are not allowed in compact mappings/,
    "has a second colon in one line",
    "put text with a colon in quotes, or start a new line",
  ],
  [
    /^MULTILINE_IMPLICIT_KEY|Implicit map keys need/,
    "is a field without a colon",
    "write NAME: VALUE, with a blank behind the colon",
  ],
  [
    /Unexpected block-seq-ind on same line with key/,
    "is a list entry on the line of its key",
    "start it on a new line, or write the list as [a, b]",
  ],
  [
    /Comments must be separated/,
    "is a comment right behind a value",
    "put a blank before #, or the text with # in quotes",
  ],
  [
    /^BLOCK_IN_FLOW/,
    "does not fit between brackets or braces",
    "separate entries with commas, and write a list there as [a, b]",
  ],
  [/Missing , /, "is an entry without a comma before it", "separate entries with commas"],
  [/Missing space after :/, "has no blank behind the colon", "write NAME: VALUE"],
  [/^BAD_ALIAS/, "is an anchor (&) or alias (*) without a proper name", "put text that starts with & or * in quotes"],
  [/^MULTIPLE_DOCS/, "starts a second YAML document", "keep one: give the other a file of its own"],
  [
    /^TAG_RESOLVE_FAILED/,
    "is a YAML tag (!NAME), and the map has plain values only",
    "write the value without the tag",
  ],
];

/** The parser complains where a quote should have been closed: what has to change is where it opens. */
function quoteBefore(document: Document, end: number): number {
  let opening: number | undefined;
  visit(document, {
    Scalar: (_, node) => {
      const [from, to] = node.range ?? [end, end];
      if ((node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE") && from < end && to >= end) opening ??= from;
    },
  });
  return opening ?? end;
}
