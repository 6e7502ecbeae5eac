import type { ExpansionFlaw, TemplatePlace } from "./handlebars-template";

/**
 * Says in plain words why Handlebars cannot parse a template. Its own parser names its tokens, and for what is never closed the
 * template's last line.
 *
 * @param text of the template
 * @param message of Handlebars' error
 * @returns undefined for an error that is not about syntax
 */
export function syntaxFlaw(text: string, message: string): ExpansionFlaw | undefined {
  const [, parsedTo] = /^(?:Parse|Lexical) error on line (\d+)[:.]/.exec(message) ?? [];
  const endsByAnother = / doesn't match .* - \d+:\d+$/.test(message);
  if (parsedTo === undefined && !endsByAnother) return undefined;
  const at = { line: Number(parsedTo ?? 1), column: 1 };
  if (/got 'CLOSE_(UNESCAPED|RAW_BLOCK)'/.test(message)) {
    const fix = "put a blank between }} and a brace of YAML: }} }";
    return { ...at, message: "closes an expression with more braces than it opens", fix };
  }
  return (
    openExpression(text) ??
    unevenBlock(text) ??
    (message.includes("got 'INVERSE'")
      ? { ...at, message: "has an {{else}} that belongs to no block", fix: "give each block one {{else}} at most" }
      : { ...at, message: "has an expression that is none", fix: "write {{NAME}} or {{text NAME}}" })
  );
}

/** The first expression or comment that has no end. */
function openExpression(text: string): ExpansionFlaw | undefined {
  const read = withoutComments(text);
  for (const { 0: begin, index } of read.matchAll(/(?<!\\)\{\{/g)) {
    const rest = read.slice(index + begin.length);
    const end = rest.indexOf("}}");
    const next = rest.replace(/^\{+/, " ").indexOf("{{");
    if (end >= 0 && (next < 0 || end < next)) continue;
    return { ...placeIn(text, index), message: "begins an expression that does not end", fix: "close it by }}" };
  }
  return undefined;
}

/** The first block that is closed by another name or never, or that nothing has opened. */
function unevenBlock(text: string): ExpansionFlaw | undefined {
  const open: { readonly name: string; readonly index: number }[] = [];
  for (const { 1: kind, 2: name = "", index } of withoutComments(text).matchAll(/(?<!\\)\{\{~?([#/])\s*([^\s}~]*)/g)) {
    if (kind === "#") {
      open.push({ name, index });
      continue;
    }
    const block = open.pop();
    if (block === undefined) {
      const fix = `delete it, or open the block by {{#${name} …}}`;
      return { ...placeIn(text, index), message: `closes a block {{#${name}}} that is not open`, fix };
    }
    if (block.name !== name) return unclosed(text, block, ` before {{/${name}}} in line ${placeIn(text, index).line}`);
  }
  const last = open.at(-1);
  return last === undefined ? undefined : unclosed(text, last, "");
}

function unclosed(text: string, { name, index }: { name: string; index: number }, before: string): ExpansionFlaw {
  const message = `begins a block {{#${name}}} that does not end${before}`;
  return { ...placeIn(text, index), message, fix: `write {{/${name}}} where it ends` };
}

/** The same text, each character in its place. */
function withoutComments(text: string): string {
  return text.replaceAll(/\{\{~?!(?:--[\s\S]*?--|[\s\S]*?)~?\}\}/g, (comment) => comment.replaceAll(/[^\n]/g, " "));
}

/** @param offset from 0 */
export function placeIn(text: string, offset: number): TemplatePlace {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
