import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type Scalar } from "yaml";
import { keyText, type MapPath } from "../organization/map-file";
import { mostLevels, tooDeep, yamlSyntaxProblem } from "../organization/yaml/yaml-syntax";
import { ambiguity } from "./plain-scalar";

/** Something wrong in YAML text, at a place in characters from its beginning. */
export interface YamlFlaw {
  readonly offset: number;
  readonly path: MapPath;
  readonly message: string;
  readonly fix: string;
}

export interface CloudFormationYaml {
  /** Plain JSON, intrinsic functions in their long form. */
  readonly value: unknown;
  /** Where a value, or the nearest one around it, begins. */
  offsetOf(path: MapPath): number;
  readonly flaws: readonly YamlFlaw[];
}

/**
 * The short forms of intrinsic functions; every other tag is unknown.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
const longForms: ReadonlyMap<string, string> = new Map([
  ["!Ref", "Ref"],
  ["!Condition", "Condition"],
  ...[
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "Transform",
  ].map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

/** Reads YAML as CloudFormation does, and refuses what CloudFormation or a person may read otherwise. */
export function readCloudFormationYaml(text: string): CloudFormationYaml {
  const document = parseDocument(text, {
    prettyErrors: false,
    strict: true,
    uniqueKeys: false,
    merge: false,
    schema: "core",
  });
  const reader = new YamlReader();
  for (const error of document.errors) reader.flaws.push({ path: [], ...yamlSyntaxProblem(error, document, text) });
  if (reader.flaws.length > 0) return { value: undefined, offsetOf: () => 0, flaws: reader.flaws };
  const value = reader.read(document.contents, []);
  return { value, offsetOf: (path) => reader.offsetOf(path), flaws: reader.flaws };
}

class YamlReader {
  readonly flaws: YamlFlaw[] = [];
  readonly #offsets = new Map<string, number>();

  offsetOf(path: MapPath): number {
    for (let length = path.length; length >= 0; length -= 1) {
      const offset = this.#offsets.get(JSON.stringify(path.slice(0, length).map(String)));
      if (offset !== undefined) return offset;
    }
    return 0;
  }

  read(node: unknown, path: MapPath, at = 0): unknown {
    const offset = isNode(node) ? (node.range?.[0] ?? at) : at;
    const place = JSON.stringify(path.map(String));
    if (!this.#offsets.has(place)) this.#offsets.set(place, offset);
    if (path.length > mostLevels) {
      this.#refuse(offset, path.slice(0, 4), tooDeep.message, `a template needs fewer than ${mostLevels} levels`);
      return undefined;
    }
    if (isAlias(node)) {
      this.#refuse(offset, path, "is a YAML alias, which hides what stands here", "write the value out");
      return undefined;
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) {
      this.#refuseScalar("", offset, path);
      return undefined;
    }
    if (node.anchor !== undefined) {
      this.#refuse(offset, path, `is a YAML anchor (&${node.anchor})`, "leave it out: nothing can stand for it");
    }
    const { tag } = node;
    const plain = isScalar(node)
      ? this.#scalar(node, tag !== undefined, offset, path)
      : isMap(node)
        ? this.#mapping(node.items, path, offset)
        : node.items.map((item, index) => this.read(item, [...path, index], offset));
    return tag === undefined ? plain : this.#tagged(tag, plain, offset, path);
  }

  /** What has a tag is text, whatever it looks like. */
  #scalar(node: Scalar, tagged: boolean, offset: number, path: MapPath): unknown {
    if (tagged) return node.source ?? "";
    if (node.type === "PLAIN") this.#refuseScalar(node.source ?? "", offset, path);
    return node.value;
  }

  #mapping(pairs: readonly Pair[], path: MapPath, at: number): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    for (const pair of pairs) {
      const { key, value } = pair;
      const offset = isNode(key) ? (key.range?.[0] ?? at) : at;
      if (!isScalar(key) || key.tag !== undefined) {
        this.#refuse(offset, path, "has a key that is no plain text", "write the key out");
        continue;
      }
      const name = keyText(pair);
      const below = [...path, name];
      if (entries.has(name)) this.#refuse(offset, below, "stands twice in one mapping", "keep one of the two");
      if (name === "__proto__") this.#refuse(offset, below, "is a name that nothing can have", "choose another one");
      if (key.anchor !== undefined) this.#refuse(offset, below, "is a YAML anchor", "leave it out");
      if (key.type === "PLAIN") this.#refuseScalar(key.source ?? "", offset, below);
      this.#offsets.set(JSON.stringify(below.map(String)), offset);
      entries.set(name, this.read(value, below, offset));
    }
    return Object.fromEntries(entries);
  }

  #tagged(tag: string, plain: unknown, offset: number, path: MapPath): unknown {
    const name = longForms.get(tag);
    if (name === undefined) {
      const known = [...longForms.keys()].join(" ");
      this.#refuse(offset, path, `has the tag ${tag}, which CloudFormation does not know`, `use one of ${known}`);
      return plain;
    }
    if (name !== "Fn::GetAtt" || typeof plain !== "string") return { [name]: plain };
    const dot = plain.indexOf(".");
    return { [name]: dot < 0 ? [plain] : [plain.slice(0, dot), plain.slice(dot + 1)] };
  }

  #refuseScalar(source: string, offset: number, path: MapPath): void {
    const ambiguous = ambiguity(source);
    if (ambiguous !== undefined) this.#refuse(offset, path, ambiguous.message, ambiguous.fix);
  }

  #refuse(offset: number, path: MapPath, message: string, fix: string): void {
    this.flaws.push({ offset, path, message, fix });
  }
}

function isNode(candidate: unknown): candidate is Node {
  return isScalar(candidate) || isMap(candidate) || isSeq(candidate) || isAlias(candidate);
}
