import { escapePointer } from "./json-pointer";

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Names that an object has twice, as JSON pointers. `JSON.parse` keeps the last one without a word, and Terraform may see
 * another.
 *
 * @param value the parsed text: when the text has no more names than the value, nothing is looked for
 */
export function duplicateNames(text: string, value: unknown): string[] {
  if (countNames(text) === countMembers(value)) return [];
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  walkJson(text, (pointer, _position, isName) => {
    if (!isName) return;
    if (seen.has(pointer)) duplicates.add(pointer);
    seen.add(pointer);
  });
  return [...duplicates];
}

/**
 * The positions of JSON pointers in a text that is valid JSON: of a field's name, or a list's element.
 *
 * @returns no entry for a pointer that leads nowhere
 */
export function locatePointers(text: string, pointers: Iterable<string>): Map<string, Position> {
  const wanted = new Set(pointers);
  const onTheWay = new Set([...wanted].flatMap(parentsOf));
  const offsets = new Map<string, number>();
  walkJson(
    text,
    (pointer, offset) => {
      if (wanted.has(pointer) && !offsets.has(pointer)) offsets.set(pointer, offset);
    },
    (pointer) => onTheWay.has(pointer),
  );
  const positions = new Map<string, Position>();
  let [line, lineStart] = [1, 0];
  for (const [pointer, offset] of [...offsets].sort(([, a], [, b]) => a - b)) {
    for (let next = text.indexOf("\n", lineStart); next !== -1 && next < offset; next = text.indexOf("\n", lineStart)) {
      line += 1;
      lineStart = next + 1;
    }
    positions.set(pointer, { line, column: offset - lineStart + 1 });
  }
  return positions;
}

/** Every pointer above one, `""` among them. */
function parentsOf(pointer: string): string[] {
  const parents: string[] = [];
  for (let end = pointer.lastIndexOf("/"); end !== -1; end = pointer.lastIndexOf("/", end - 1)) {
    parents.push(pointer.slice(0, end));
    if (end === 0) break;
  }
  return parents;
}

/** Colons outside of strings: one for each name. */
function countNames(text: string): number {
  let names = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === 0x22) index = endOfString(text, index) - 1;
    else if (character === 0x3a) names += 1;
  }
  return names;
}

function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let members = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const inner of Object.values(value)) members += countMembers(inner);
  return members;
}

/** The index behind a string's closing quote. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

/** The index behind the bracket that closes the one at the start. */
function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === 0x22) index = endOfString(text, index) - 1;
    else if (character === 0x7b || character === 0x5b) depth += 1;
    else if (character === 0x7d || character === 0x5d) depth -= 1;
    if (depth === 0) return index + 1;
  }
  return text.length;
}

/** JSON's own white space. */
function isBlank(character: string): boolean {
  return character === " " || character === "\n" || character === "\r" || character === "\t";
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1;
  return backslashes % 2 === 1;
}

interface Level {
  readonly pointer: string;
  /** Undefined in an object. */
  index: number | undefined;
}

/**
 * Visits every name and every list element of a JSON text, in order.
 *
 * @param enters whether what is below a pointer is visited. @default everything
 */
function walkJson(
  text: string,
  visit: (pointer: string, offset: number, isName: boolean) => void,
  enters: (pointer: string) => boolean = () => true,
): void {
  const levels: Level[] = [];
  /** The pointer that the next value stands at. */
  let current = "";
  let expectsName = false;
  const enterElement = (offset: number): void => {
    const level = levels.at(-1);
    if (level?.index === undefined || expectsName) return;
    current = `${level.pointer}/${level.index}`;
    visit(current, offset, false);
  };
  visit("", 0, false);
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (isBlank(character) || character === ":") continue;
    const level = levels.at(-1);
    if (character === ",") {
      if (level?.index === undefined) expectsName = true;
      else level.index += 1;
    } else if (character === "}" || character === "]") {
      levels.pop();
      expectsName = false;
    } else if (expectsName && character === '"') {
      const end = endOfString(text, index);
      current = `${level?.pointer ?? ""}/${escapePointer(String(JSON.parse(text.slice(index, end))))}`;
      visit(current, index, true);
      expectsName = false;
      index = end - 1;
    } else {
      enterElement(index);
      if ((character === "{" || character === "[") && !enters(current)) {
        index = endOfNested(text, index) - 1;
      } else if (character === "{" || character === "[") {
        levels.push({ pointer: current, index: character === "[" ? 0 : undefined });
        expectsName = character === "{";
      } else if (character === '"') {
        index = endOfString(text, index) - 1;
      } else {
        while (index + 1 < text.length && !/[,\]}\s]/.test(text[index + 1] ?? "")) index += 1;
      }
    }
  }
}
