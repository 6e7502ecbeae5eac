import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from "yaml";
import type { Problem } from "./problem";

/** One file of the map as bytes: reading it from disk is the command line's business. */
export interface SourceFile {
  /** As shown to people, with `/`: `config/zones.yaml`. */
  readonly name: string;
  /** Below the configuration folder: `zones.yaml`, `workloads/shop.yaml`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Keys and list indices (from 0), from the top of a file down to a value. */
export type MapPath = readonly (string | number)[];

/** A parsed file that knows where each value stands. */
export interface MapFile {
  readonly name: string;
  readonly path: string;
  readonly value: unknown;
  /** A problem at a path of this file; where the path itself is missing, at the key of its nearest parent. */
  problem(path: MapPath, message: string, details?: ProblemDetails): Problem;
}

export interface ProblemDetails {
  readonly fix?: string | undefined;
  /** Point at the key, not at its value, and show no value. */
  readonly atKey?: boolean | undefined;
  /** What to show as the value. @default the value as the file has it, where it is a scalar */
  readonly value?: string | undefined;
}

/** A file's text with its syntax tree. */
export interface SyntaxTree {
  readonly text: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/**
 * Makes a file that can locate its values.
 *
 * @param tree parses the text again when the first problem asks for a place: a sound map of 10,000 accounts needs no
 * place, and its syntax trees would take hundreds of megabytes
 */
export function mapFile(source: { name: string; path: string }, value: unknown, tree: () => SyntaxTree): MapFile {
  const { name, path } = source;
  let locator: Locator | undefined;
  return {
    name,
    path,
    value,
    problem: (at, message, details = {}) => {
      locator ??= new Locator(tree());
      const found = locator.find(at);
      const shown = details.value ?? (details.atKey === true ? undefined : locator.textOf(found));
      return {
        file: name,
        ...locator.place(found, details.atKey === true),
        path: at.join("."),
        message,
        ...(shown === undefined ? {} : { value: shown }),
        ...(details.fix === undefined ? {} : { fix: details.fix }),
      };
    },
  };
}

/** The nodes at a path, or at its nearest parent when `exact` is false. */
interface Found {
  /** The first alias on the way: what is wrong may be right where the anchor stands, so that a place ends here. */
  readonly alias: Node | undefined;
  readonly key: Node | undefined;
  readonly value: Node | undefined;
  readonly exact: boolean;
}

class Locator {
  readonly #tree: SyntaxTree;
  /** By key: a problem in each of 10,000 accounts must not search 10,000 accounts each. */
  readonly #pairs = new WeakMap<object, Map<string, Pair>>();

  constructor(tree: SyntaxTree) {
    this.#tree = tree;
  }

  find(path: MapPath): Found {
    let key: Node | undefined;
    let value = asNode(this.#tree.document.contents);
    let alias: Node | undefined;
    for (const part of path) {
      if (isAlias(value)) alias ??= value;
      const container = isAlias(value) ? value.resolve(this.#tree.document) : value;
      if (isMap(container)) {
        const pair = this.#pairsOf(container).get(String(part));
        if (pair === undefined) return { alias, key, value, exact: false };
        key = asNode(pair.key);
        value = asNode(pair.value);
      } else if (isSeq(container)) {
        const item = asNode(container.items[Number(part)]);
        if (item === undefined) return { alias, key, value, exact: false };
        key = undefined;
        value = item;
      } else {
        return { alias, key, value, exact: false };
      }
    }
    return { alias, key, value, exact: true };
  }

  place(found: Found, atKey: boolean): { line: number; column: number } {
    const isEmpty = isScalar(found.value) && found.value.value === null;
    const own = atKey || isEmpty || !found.exact ? (found.key ?? found.value) : (found.value ?? found.key);
    const node = found.alias ?? own;
    const { line, col } = this.#tree.lines.linePos(node?.range?.[0] ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** A scalar as the file has it, with its quotes; undefined for what has no short text. */
  textOf({ value, exact }: Found): string | undefined {
    const scalar = isAlias(value) ? value.resolve(this.#tree.document) : value;
    if (!exact || !isScalar(scalar) || scalar.value === null) return undefined;
    const [from, to] = scalar.range ?? [0, 0];
    const line = this.#tree.text.slice(from, to).trim().replaceAll(/\s+/g, " ");
    return line.length > 80 ? `${line.slice(0, 77)}...` : line;
  }

  #pairsOf(map: { items: Pair[] }): Map<string, Pair> {
    const known = this.#pairs.get(map);
    if (known !== undefined) return known;
    const pairs = new Map(map.items.map((pair) => [keyText(pair), pair]));
    this.#pairs.set(map, pairs);
    return pairs;
  }
}

/** A key as the parsed value has it: the empty text for an empty one. */
export function keyText(pair: Pair): string {
  if (!isScalar(pair.key)) return String(pair.key);
  const { value } = pair.key;
  if (value === null) return "";
  return typeof value === "symbol" ? (value.description ?? "") : String(value);
}

function asNode(candidate: unknown): Node | undefined {
  return isScalar(candidate) || isMap(candidate) || isSeq(candidate) || isAlias(candidate) ? candidate : undefined;
}
