import { oneLine } from "./one-line";

/** A text with nothing that Markdown or HTML would take for its own: also within a cell of a table. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll(/[^\p{L}\p{N} ,.;:()/'"+-]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll(/&#(?:35|64);|:(?=\/\/(?!(?:docs\.)?aws\.amazon\.com\/))|www(?=\.)/gi, (start) => `${start}${APART}`);
}

/**
 * GitHub looks for mentions, issues and addresses in the text that is shown, where an escaped character is one like any other: what is
 * between two pieces of text stops it. An address of AWS's own documentation may be one.
 *
 * Source: https://github.com/github/cmark-gfm/issues/181
 */
const APART = "<!-- -->";

/** A block of lines that shows every character as it is: no markup, no mention, no link works inside. */
export interface Fenced {
  /** More backticks than the lines have in a row. */
  readonly fence: string;
  readonly lines: readonly string[];
}

export function fenced(lines: readonly string[]): Fenced {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  return { fence: "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1))), lines };
}
