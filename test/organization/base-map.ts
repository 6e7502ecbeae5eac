import { readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import type { SourceFile } from "../../modules/organization/map-file";

const folder = join(__dirname, "base-map");

/** The texts of a small valid map, by path below the configuration folder: what the tests here change and break. */
export function baseMap(): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.yaml(\.hbs)?$/.test(path),
  );
  return new Map(paths.sort().map((path) => [path.split(sep).join("/"), readFileSync(join(folder, path), "utf8")]));
}

/** Its files in YAML: templates of rollouts are text. */
export function baseMapInYaml(): Map<string, string> {
  return new Map([...baseMap()].filter(([path]) => path.endsWith(".yaml")));
}

/** The map without its rollouts, which name zones' OUs. */
export function withoutRollouts(texts: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...texts].filter(([path]) => !path.startsWith("rollouts")));
}

/** Texts as the files of a folder `config`. */
export function sourcesOf(texts: ReadonlyMap<string, string | Uint8Array>): SourceFile[] {
  return [...texts].map(([path, text]) => ({
    name: posix.join("config", path),
    path,
    bytes: typeof text === "string" ? new TextEncoder().encode(text) : text,
  }));
}

/** A piece of text of one file, which has to stand there once, and what to put in its place. */
export type Change = readonly [path: string, from: string, to: string];

/** The base map with some changes. */
export function baseMapWith(...changes: Change[]): Map<string, string> {
  const texts = baseMap();
  for (const [path, from, to] of changes) {
    const text = texts.get(path) ?? "";
    if (text.split(from).length !== 2) throw new Error(`${path} does not have this text exactly once:\n${from}`);
    texts.set(
      path,
      text.replace(from, () => to),
    );
  }
  return texts;
}
