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

/** Finds keys that stand twice or are no text, merge keys, aliases that go nowhere, in circles or off like a bomb. */
export function refuseYaml(document: Document): RefusedYaml[] {
  const walk = new YamlWalk();
  walk.weigh(document.contents, []);
  return walk.refused;
}

/** Values that aliases may repeat in one file: some lines of YAML can otherwise stand for gigabytes. */
const MOST_REPEATED_VALUES = 10_000;

class YamlWalk {
  readonly refused: RefusedYaml[] = [];
  /** The nodes around the present one. */
  readonly #open = new Set<unknown>();
  /** Looked up here, because the parser's own look-up searches the whole document for each alias. */
  readonly #anchors = new Map<string, Node>();
  /** How many values each anchor stands for, those behind its own aliases included. */
  readonly #weights = new Map<unknown, number>();
  #repeated = 0;

  /** How many values a node stands for. */
  weigh(node: unknown, path: MapPath): number {
    if (path.length > mostLevels) {
      this.#refuse(path.slice(0, 1), node, tooDeep.message, tooDeep.fix, true);
      return 1;
    }
    this.#open.add(node);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined && isNode(node)) this.#anchors.set(anchor, node);
    let weight = 1;
    if (isMap(node)) weight += this.#weighPairs(node.items, path);
    else if (isSeq(node))
      for (const [index, item] of node.items.entries()) weight += this.weigh(item, [...path, index]);
    else if (isAlias(node)) weight += this.#weighAlias(node, path);
    this.#open.delete(node);
    if (anchor !== undefined) this.#weights.set(node, weight);
    return weight;
  }

  #weighPairs(pairs: readonly Pair[], path: MapPath): number {
    const seen = new Set<string>();
    let weight = 0;
    for (const pair of pairs) {
      const { key, value } = pair;
      if (key !== null && !isScalar(key)) {
        const fix = "a key is text: write it out";
        this.#refuse(path, key, "has a key that is a list, a mapping or an alias", fix, true);
        continue;
      }
      const name = keyText(pair);
      const at = [...path, name];
      if (seen.has(name)) this.#refuse(at, key, "stands twice in one mapping", "keep one of the two", false);
      seen.add(name);
      if (name === "__proto__") this.#refuse(at, key, "is a name that nothing can have", "choose another one", false);
      if (name === "<<") {
        const message = "is a YAML merge key, which hides what an entry really has";
        this.#refuse(at, key, message, "write the fields out", false);
      }
      weight += this.weigh(value, at);
    }
    return weight;
  }

  #weighAlias(alias: Alias, path: MapPath): number {
    const target = this.#anchors.get(alias.source);
    const fix = "write the value out";
    if (target === undefined) {
      this.#refuse(path, alias, `is an alias of &${alias.source}, which stands nowhere before it`, fix, true);
      return 0;
    }
    if (this.#open.has(target)) {
      this.#refuse(path, alias, `is an alias of &${alias.source}, which it is a part of`, fix, true);
      return 0;
    }
    const weight = this.#weights.get(target) ?? 1;
    const before = this.#repeated;
    this.#repeated += weight;
    if (before <= MOST_REPEATED_VALUES && this.#repeated > MOST_REPEATED_VALUES) {
      const most = MOST_REPEATED_VALUES.toLocaleString("en-US");
      const message = `is one alias too many: they repeat more than ${most} values`;
      this.#refuse(path, alias, message, "write the values out", true);
    }
    return weight;
  }

  #refuse(path: MapPath, at: unknown, message: string, fix: string, fatal: boolean): void {
    this.refused.push({ path, offset: isNode(at) ? (at.range?.[0] ?? 0) : 0, message, fix, fatal });
  }
}

function isNode(candidate: unknown): candidate is Node {
  return isScalar(candidate) || isMap(candidate) || isSeq(candidate) || isAlias(candidate);
}
