import { fenced, markdownText } from "./markdown-text";
import { oneLine } from "./one-line";

/**
 * GitHub takes 65,536 characters for a comment, and whoever posts it may want to add a line.
 *
 * Source: https://github.com/orgs/community/discussions/27190
 */
const MOST_CHARACTERS = 60_000;
/** How much of each list is shown: the first that fits. */
const listSizes = [200, 100, 50, 20, 10, 5, 2, 1, 0] as const;
/** What comes from AWS, from Terraform or from a policy edited by hand can be of any length. */
export const MOST_OF_A_LINE = 400;

/** The longest form of a comment that fits: its parts, with so many entries of each list, a blank line apart. */
export function fittingComment(partsOf: (size: number) => readonly string[]): string {
  let text = "";
  for (const size of listSizes) {
    text = partsOf(size).join("\n\n");
    if (text.length <= MOST_CHARACTERS) break;
  }
  return text;
}

/**
 * The first entries of a list, and how many more there are.
 *
 * @param all where all of them are: `report.json`
 */
export function firstOf<Item>(
  items: readonly Item[],
  size: number,
  linesOf: (item: Item) => readonly string[],
  all: string,
): string[] {
  const more = items.length - size;
  return [...items.slice(0, size).flatMap(linesOf), ...(more > 0 ? [`and ${more} more; ${all} has all`] : [])];
}

/** @param open whether a reader sees it without a click */
export function folded(title: string, lines: readonly string[], open = false): string[] {
  if (lines.length === 0) return [];
  const { fence, lines: inside } = fenced(lines.map((line) => cut(oneLine(line), MOST_OF_A_LINE)));
  return [
    `<details${open ? " open" : ""}><summary>${markdownText(title)}</summary>`,
    [`${fence}text`, ...inside, fence].join("\n"),
    "</details>",
  ];
}

/** A text of so many characters at most. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
