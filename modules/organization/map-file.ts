import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from "yaml";
import type { Problem } from "./problem";

/** One file of the map as bytes: reading it from disk is the command line's business. */
export interface SourceFile {
  /** As shown to people, with `/`: `config/zones.yaml`. */
  readonly name: string;
  /** Below the configuration folder: `zones.yaml`, `workloads/shop.yaml`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export type MapPath = readonly (string | number)[];

/** A parsed file that knows where each value stands. */
export interface MapFile {
  readonly name: string;
  readonly path: string;
  readonly value: unknown;
  /** A problem at a path of this file; the nearest existing parent where the path itself is missing. */
  problem(path: MapPath, message: string, details?: ProblemDetails): Problem;
}

export interface ProblemDetails {
  readonly fix?: string | undefined;
  /** Point at the key, not at its value. */
  readonly atKey?: boolean;
  /** Show the value as the file has it. @default true for a scalar value, false with `atKey` */
  readonly showValue?: boolean;
}

/**
 * An alias may be used a few times; more can blow a small file up into gigabytes, so YAML's own counter stops there.
 */
const MOST_ALIASES = 50;

/**
 * Parses YAML strictly: UTF-8 only, one document, no duplicate keys, no unknown tags.
 *
 * @returns the file, or undefined with problems when nothing below its top can be trusted
 */
export function parseMapFile(source: SourceFile): { file?: MapFile; problems: Problem[] } {
  const { name, path } = source;
  const whole = (message: string, fix: string, line = 1, column = 1): Problem => ({
    file: name,
    line,
    column,
    path: "",
    message,
    fix,
  });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(source.bytes);
  } catch {
    return { problems: [whole("is not UTF-8 text", "save it as UTF-8")] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const problems: Problem[] = [];
  let broken = false;
  for (const error of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(error.pos[0]);
    if (error.code === "DUPLICATE_KEY") {
      problems.push(whole("stands here twice in one mapping", "keep one of the two", line, col));
      continue;
    }
    broken = true;
    problems.push(whole(`is not valid YAML: ${sentence(error.message)}`, "correct the syntax", line, col));
  }
  if (broken) return { problems };
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return { problems: [whole("is empty", "fill it in or delete the file")] };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch {
    const fix = "write the values out";
    return { problems: [whole(`repeats YAML aliases more than ${MOST_ALIASES} times over`, fix)] };
  }

  const problem: MapFile["problem"] = (at, message, details = {}) => {
    const found = locate(document.contents, at, document);
    const node = details.atKey === true ? (found.key ?? found.value) : (found.value ?? found.key);
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    const scalar = found.exact && isScalar(found.value) ? found.value : undefined;
    const shown = (details.showValue ?? details.atKey !== true) && scalar !== undefined && scalar.value !== null;
    return {
      file: name,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: at.join("."),
      message,
      ...(shown ? { value: shorten(textOf(text, scalar)) } : {}),
      ...(details.fix === undefined ? {} : { fix: details.fix }),
    };
  };
  return { file: { name, path, value, problem }, problems };
}

function locate(
  contents: unknown,
  path: MapPath,
  document: ReturnType<typeof parseDocument>,
): { key: Node | undefined; value: Node | undefined; exact: boolean } {
  let key: Node | undefined;
  let value = asNode(contents);
  for (const part of path) {
    const container = isAlias(value) ? value.resolve(document) : value;
    if (isMap(container)) {
      const pair = container.items.find(
        (item: Pair) => String(isScalar(item.key) ? item.key.value : item.key) === String(part),
      );
      if (pair === undefined) return { key, value, exact: false };
      key = asNode(pair.key);
      value = asNode(pair.value);
    } else if (isSeq(container)) {
      const item = asNode(container.items[Number(part)]);
      if (item === undefined) return { key, value, exact: false };
      key = undefined;
      value = item;
    } else {
      return { key, value, exact: false };
    }
  }
  return { key, value, exact: true };
}

function asNode(candidate: unknown): Node | undefined {
  return isScalar(candidate) || isMap(candidate) || isSeq(candidate) || isAlias(candidate) ? candidate : undefined;
}

function textOf(text: string, node: Node): string {
  const [from, to] = node.range ?? [0, 0];
  return text.slice(from, to).trim();
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

function sentence(message: string): string {
  return message.replace(/\s+/g, " ").replace(/[.:]$/, "");
}
