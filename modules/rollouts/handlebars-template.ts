import { create } from "handlebars";
import { suggestName } from "../organization/problem";
import { placeIn, syntaxFlaw } from "./handlebars-syntax";
import { jsonHelper, plainHelper, textHelper, UnfitValue, yamlHelper } from "./template-helpers";

/** Text made from a template, which knows for each of its characters where in the template it comes from. */
export interface ExpandedText {
  readonly text: string;
  /** @param offset in the text, from 0 */
  placeOf(offset: number): TemplatePlace;
}

/** In the text of a template, both from 1. */
export interface TemplatePlace {
  readonly line: number;
  readonly column: number;
}

/** Why a template cannot be expanded. */
export interface ExpansionFlaw extends TemplatePlace {
  readonly message: string;
  readonly fix: string;
}

/** Words that a template may use; nothing else is a helper. */
const blockHelpers = ["each", "if", "unless", "with"] as const;
const valueHelpers = ["json", "text", "yaml"] as const;
/** What `{{name}}` alone becomes. */
const PLAIN = "plain value";

/** Between these stands the number of the statement that wrote what follows; no text has these characters. */
const BEGIN = "\ufdd0";
const END = "\ufdd1";

type Statement = hbs.AST.Statement;

/**
 * Fills a Handlebars template: every name has to be in the data, there are no partials, no prototypes and no helpers but
 * ours, and a value that stands alone may only have characters that YAML leaves alone.
 */
export function expandTemplate(text: string, data: object): ExpandedText | { flaws: ExpansionFlaw[] } {
  const foreign = /[\ufdd0-\ufdef\ufffe\uffff]/.exec(text);
  if (foreign !== null) {
    const place = placeIn(text, foreign.index);
    return { flaws: [{ ...place, message: "has a character that is none", fix: "delete it" }] };
  }
  const handlebars = create();
  for (const name of Object.keys(handlebars.helpers)) {
    if (!blockHelpers.some((known) => known === name)) handlebars.unregisterHelper(name);
  }
  handlebars.registerHelper({
    json: helperOf(jsonHelper),
    text: helperOf(textHelper),
    yaml: helperOf(yamlHelper),
    [PLAIN]: helperOf(plainHelper),
  });
  try {
    const program = handlebars.parse(text);
    const preparation = new Preparation();
    preparation.prepare(program);
    if (preparation.flaws.length > 0) return { flaws: preparation.flaws };
    const render = handlebars.compile(program, {
      strict: true,
      noEscape: true,
      knownHelpers: {
        each: true,
        if: true,
        unless: true,
        with: true,
        json: true,
        text: true,
        yaml: true,
        [PLAIN]: true,
      },
      knownHelpersOnly: true,
    });
    const marked = render(data, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
    return withoutMarks(marked, preparation.statements);
  } catch (error) {
    return { flaws: [expansionFlaw(text, data, error)] };
  }
}

/** Handlebars calls helpers with their values and then with options, which know where the helper stands. */
function helperOf(helper: (value: unknown, second: unknown) => string): (...values: unknown[]) => string {
  return (...values) => {
    try {
      return helper(values[0], values.length > 2 ? values[1] : undefined);
    } catch (error) {
      const options: unknown = values.at(-1);
      if (!(error instanceof UnfitValue) || !hasPlace(options)) throw error;
      throw new PlacedFlaw({ ...placeOf(options.loc), message: error.message, fix: error.fix });
    }
  };
}

class PlacedFlaw extends Error {
  readonly flaw: ExpansionFlaw;

  constructor(flaw: ExpansionFlaw) {
    super(flaw.message);
    this.flaw = flaw;
  }
}

/** Refuses what a template may not use, makes all look-ups strict, and marks where each statement's text begins. */
class Preparation {
  readonly flaws: ExpansionFlaw[] = [];
  readonly statements: Statement[] = [];

  /** @param at where the block stands that it is in: an empty one has no place of its own */
  prepare(program: hbs.AST.Program, at: { loc: hbs.AST.SourceLocation } = program): void {
    if (program.blockParams !== undefined && program.blockParams.length > 0) {
      this.#refuse(at, "names its values with as |…|", "use {{this}}, {{@key}} and {{@index}}");
    }
    program.body = program.body.flatMap((statement, index) => {
      const before = program.body[index - 1];
      if (isYaml(statement) && before !== undefined && isContent(before)) withoutMargin(before);
      this.#statement(statement);
      return [this.#mark(statement), statement];
    });
  }

  #mark(statement: Statement): hbs.AST.ContentStatement {
    this.statements.push(statement);
    const value = `${BEGIN}${this.statements.length - 1}${END}`;
    return { type: "ContentStatement", value, original: { open: false, close: false }, loc: statement.loc };
  }

  #statement(statement: Statement): void {
    if (isMustache(statement)) this.#mustache(statement);
    else if (isBlock(statement)) this.#block(statement);
    else if (statement.type !== "ContentStatement" && statement.type !== "CommentStatement") {
      this.#refuse(statement, "includes another template", "write out what it has to say");
    }
  }

  #mustache(statement: hbs.AST.MustacheStatement): void {
    const { path, params } = statement;
    if (!isPath(path)) {
      this.#refuse(statement, "is no name", "write text without braces; a brace pair of CloudFormation as \\{{…}}");
      return;
    }
    this.#hash(statement);
    if (params.length === 0) {
      statement.params = [path];
      statement.path = { ...path, data: false, depth: 0, parts: [PLAIN], original: PLAIN };
    } else if (!valueHelpers.some((name) => name === path.original)) {
      this.#refuse(statement, `calls ${path.original}, which is no helper`, `use ${valueHelpers.join(", ")}`);
      return;
    } else if (params.length > (path.original === "yaml" ? 2 : 1)) {
      this.#refuse(statement, "has too many values", `write {{${path.original} VALUE}}, for yaml with its indentation`);
    }
    this.#values(statement.params);
  }

  #block(statement: hbs.AST.BlockStatement): void {
    const { path, params, program, inverse } = statement;
    const name = isPath(path) ? path.original : "";
    if (!blockHelpers.some((known) => known === name)) {
      this.#refuse(statement, `begins {{#${name}}}, which is no block`, `use ${blockHelpers.join(", ")}`);
      return;
    }
    if (params.length !== 1) this.#refuse(statement, `gives #${name} ${params.length} values`, "give it one");
    this.#hash(statement);
    this.#values(params);
    // An {{else}} without {{#if}} body, or the other way round, is undefined whatever the types say.
    for (const each of [program, inverse]) if (each !== undefined && each !== null) this.prepare(each, statement);
  }

  #hash({ hash, loc }: { hash?: hbs.AST.Hash; loc: hbs.AST.SourceLocation }): void {
    if (hash !== undefined && hash.pairs.length > 0) this.#refuse({ loc }, "has NAME=VALUE", "leave it out");
  }

  #values(values: readonly hbs.AST.Expression[]): void {
    for (const value of values) {
      if (value.type === "SubExpression") {
        this.#refuse(value, "calls a helper in parentheses", "give it a name of the data");
      } else if (isPath(value)) {
        const inherited = value.parts.find((part) => part in {});
        if (inherited !== undefined) this.#refuse(value, `asks for ${inherited}`, "name something that the data has");
        // Handlebars is strict about what it writes by itself, but hands helpers undefined for a name that is not there.
        Object.assign(value, { strict: true });
      }
    }
  }

  #refuse(at: { loc: hbs.AST.SourceLocation }, message: string, fix: string): void {
    this.flaws.push({ ...placeOf(at.loc), message, fix });
  }
}

/** Takes the marks out and keeps where they stood. */
function withoutMarks(marked: string, statements: readonly Statement[]): ExpandedText {
  const starts: { offset: number; statement: Statement | undefined }[] = [];
  let text = "";
  for (const [index, part] of marked.split(BEGIN).entries()) {
    const end = index === 0 ? -1 : part.indexOf(END);
    const statement = end < 0 ? undefined : statements[Number(part.slice(0, end))];
    starts.push({ offset: text.length, statement });
    text += part.slice(end + 1);
  }
  return {
    text,
    placeOf: (offset) => {
      const start = starts.findLast((each) => each.offset <= offset && each.statement !== undefined);
      const statement = start?.statement;
      if (start === undefined || statement === undefined) return { line: 1, column: 1 };
      const { line, column } = placeOf(statement.loc);
      if (!isContent(statement)) return { line, column };
      // What stands before a block tag of its own line has been cut off.
      const original = String(statement.original);
      const cut = Math.max(original.indexOf(statement.value), 0);
      const within = placeIn(original, cut + offset - start.offset);
      return { line: line + within.line - 1, column: within.line === 1 ? column + within.column - 1 : within.column };
    },
  };
}

function expansionFlaw(text: string, data: object, error: unknown): ExpansionFlaw {
  if (error instanceof PlacedFlaw) return error.flaw;
  if (!(error instanceof Error)) throw error;
  const syntax = syntaxFlaw(text, error.message);
  if (syntax !== undefined) return syntax;
  const [, unknown] = /^"(.+)" not defined in/.exec(error.message) ?? [];
  const place = "lineNumber" in error && "column" in error ? error : undefined;
  const at = { line: Number(place?.lineNumber ?? 1), column: Number(place?.column ?? 0) + 1 };
  if (unknown?.startsWith("resolve:") === true) {
    return {
      ...at,
      message: "is a dynamic reference of CloudFormation",
      fix: "write it with a backslash: \\{{resolve:…}}",
    };
  }
  if (unknown !== undefined) {
    const fix = suggestName(unknown, namesIn(data), "name something that the data has");
    return { ...at, message: `asks for ${unknown}, which is not there`, fix };
  }
  const [, part] = /^Cannot use 'in' operator to search for '(.+?)' in/.exec(error.message) ?? [];
  if (part !== undefined) {
    return { ...at, message: `asks for ${part} of something without fields`, fix: "name something that the data has" };
  }
  const fix = "correct the Handlebars expression";
  return { ...at, message: `is no Handlebars: ${error.message.replaceAll(/\s+/g, " ").trim()}`, fix };
}

/** Of all fields, however deep: Handlebars does not say what it looked for a name in. */
function namesIn(data: unknown): Set<string> {
  const values: unknown[] = typeof data === "object" && data !== null ? Object.values(data) : [];
  const own = Array.isArray(data) || values.length === 0 ? [] : Object.keys(Object(data));
  return new Set([...own, ...values.flatMap((value) => [...namesIn(value)])]);
}

/** Handlebars counts lines from 1 and columns from 0. */
function placeOf({ start }: hbs.AST.SourceLocation): TemplatePlace {
  return { line: start.line, column: start.column + 1 };
}

/** `{{yaml VALUE 8}}` indents its first line itself: the blanks that it stands behind in the template are the reader's. */
function withoutMargin(content: hbs.AST.ContentStatement): void {
  if (/(^|\n) *$/.test(content.value)) content.value = content.value.replace(/ +$/, "");
}

function isYaml(statement: Statement): boolean {
  return isMustache(statement) && isPath(statement.path) && statement.path.original === "yaml";
}

function hasPlace(options: unknown): options is { loc: hbs.AST.SourceLocation } {
  return typeof options === "object" && options !== null && "loc" in options;
}

function isMustache(statement: Statement): statement is hbs.AST.MustacheStatement {
  return statement.type === "MustacheStatement";
}

function isBlock(statement: Statement): statement is hbs.AST.BlockStatement {
  return statement.type === "BlockStatement";
}

function isContent(statement: Statement): statement is hbs.AST.ContentStatement {
  return statement.type === "ContentStatement";
}

function isPath(expression: hbs.AST.Expression): expression is hbs.AST.PathExpression {
  return expression.type === "PathExpression";
}
