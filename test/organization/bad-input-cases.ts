import { baseMapWith } from "./base-map";

/** One case of `bad-input.md`. */
export interface BadInputCase {
  readonly group: string;
  readonly name: string;
  /** The whole map, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** The exact lines that validation prints. */
  readonly expected: readonly string[];
}

interface Draft {
  readonly changes: [path: string, from: string, to: string][];
  readonly files: [path: string, text: string][];
  readonly deleted: string[];
  readonly expected: string[];
}

/**
 * Reads the cases of a Markdown file: a heading each (`###`), then what changes, then the expected lines in a `text`
 * block. A change is "In `path`:" with a `diff` block, "File `path`:" with a `yaml` block, or "Without `path`.".
 */
export function readBadInputCases(markdown: string): BadInputCase[] {
  const [, ...groups] = markdown.split(/^## /m);
  return groups.flatMap((group) => {
    const [title = "", ...cases] = group.split(/^### /m);
    return cases.map((text) => readCase(title.split("\n")[0] ?? "", text));
  });
}

function readCase(group: string, text: string): BadInputCase {
  const name = text.split("\n")[0] ?? "";
  const draft: Draft = { changes: [], files: [], deleted: [], expected: [] };
  const pieces = text.matchAll(/^(?:(In|File|Without) `([^`]+)`[:.]|```(\w+)\n([\s\S]*?)^```)$/gm);
  let path = "";
  for (const [, verb, named = "", language, block = ""] of pieces) {
    if (verb === "Without") draft.deleted.push(named);
    else if (verb !== undefined) path = named;
    else if (language === "diff") draft.changes.push([path, linesOf(block, "-"), linesOf(block, "+")]);
    else if (language === "yaml") draft.files.push([path, block]);
    else if (language === "text") draft.expected.push(...block.split("\n").slice(0, -1));
    else throw new Error(`${name}: a block of ${language}`);
  }
  if (draft.expected.length === 0) throw new Error(`${name}: no expected lines`);
  const texts = baseMapWith(...draft.changes);
  for (const [file, content] of draft.files) texts.set(file, content);
  for (const file of draft.deleted) texts.delete(file);
  return { group, name, texts, expected: draft.expected };
}

/** One side of a diff: its own lines and the context. */
function linesOf(block: string, sign: "-" | "+"): string {
  return block
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.startsWith(sign) || line.startsWith(" "))
    .map((line) => `${line.slice(1)}\n`)
    .join("");
}
