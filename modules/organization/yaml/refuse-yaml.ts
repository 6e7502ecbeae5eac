import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { keyText, type MapPath } from "../map-file";
import { mostLevels, tooDeep } from "./yaml-syntax";

/** Valid YAML that the map does not have: it says one thing to the parser and another to the reader. */
export interface RefusedYaml {
  readonly path: MapPath;
  /** Where it starts, in characters from the beginning of the text. */
  readonly offset: number;
  readonly message: string;
  readonly fix: string;
  /** The file has no value that could be held against anything. */
  readonly fatal: boolean;
}

/** Values that aliases may repeat in one file: some lines of YAML can otherwise stand for gigabytes. */
const MOST_REPEATED_VALUES = 10_000;

/** Finds keys that stand twice or are no text, merge keys, aliases that go nowhere, in circles or off like a bomb. */
export function refuseYaml(document: Document): RefusedYaml[] {
  const refused: RefusedYaml[] = [];
  const open = new Set<unknown>();
  /** Looked up here, because the parser's own look-up searches the whole document for each alias. */
  const anchors = new Map<string, Node>();
  /** How many values each anchor stands for, those behind its own aliases included. */
  const weights = new Map<unknown, number>();
  let repeated = 0;

  const refuse = (path: MapPath, at: unknown, message: string, fix: string, fatal: boolean): void => {
    refused.push({ path, offset: isNode(at) ? (at.range?.[0] ?? 0) : 0, message, fix, fatal });
  };

  const weigh = (node: unknown, path: MapPath): number => {
    if (path.length > mostLevels) {
      refuse(path.slice(0, 1), node, tooDeep.message, tooDeep.fix, true);
      return 1;
    }
    open.add(node);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined && isNode(node)) anchors.set(anchor, node);
    let weight = 1;
    if (isMap(node)) weight += weighPairs(node.items, path);
    else if (isSeq(node)) for (const [index, item] of node.items.entries()) weight += weigh(item, [...path, index]);
    else if (isAlias(node)) weight += weighAlias(node, path);
    open.delete(node);
    if (anchor !== undefined) weights.set(node, weight);
    return weight;
  };

  const weighPairs = (pairs: readonly Pair[], path: MapPath): number => {
    const seen = new Set<string>();
    let weight = 0;
    for (const pair of pairs) {
      if (pair.key !== null && !isScalar(pair.key)) {
        refuse(path, pair.key, "has a key that is a list, a mapping or an alias", "a key is text: write it out", true);
        continue;
      }
      const name = keyText(pair);
      const at = [...path, name];
      if (seen.has(name)) refuse(at, pair.key, "stands twice in one mapping", "keep one of the two", false);
      seen.add(name);
      if (name === "__proto__") refuse(at, pair.key, "is a name that nothing can have", "choose another one", false);
      if (name === "<<") {
        const fix = "write the fields out";
        refuse(at, pair.key, "is a YAML merge key, which hides what an entry really has", fix, false);
      }
      weight += weigh(pair.value, at);
    }
    return weight;
  };

  const weighAlias = (alias: Alias, path: MapPath): number => {
    const target = anchors.get(alias.source);
    if (target === undefined) {
      refuse(
        path,
        alias,
        `is an alias of &${alias.source}, which stands nowhere before it`,
        "write the value out",
        true,
      );
      return 0;
    }
    if (open.has(target)) {
      refuse(path, alias, `is an alias of &${alias.source}, which it is a part of`, "write the value out", true);
      return 0;
    }
    const weight = weights.get(target) ?? 1;
    const before = repeated;
    repeated += weight;
    if (before <= MOST_REPEATED_VALUES && repeated > MOST_REPEATED_VALUES) {
      const most = MOST_REPEATED_VALUES.toLocaleString("en-US");
      refuse(path, alias, `is one alias too many: they repeat more than ${most} values`, "write the values out", true);
    }
    return weight;
  };

  weigh(document.contents, []);
  return refused;
}

function isNode(candidate: unknown): candidate is Node {
  return isScalar(candidate) || isMap(candidate) || isSeq(candidate) || isAlias(candidate);
}
