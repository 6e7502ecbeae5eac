import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "../../modules/organization/map-file";
import { type LoadedPlan, planSources } from "../../stacks/load-plan";

const folder = join(__dirname, "../fixtures/small");

/** The files of the small organization, in name order. */
export function smallSources(): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml"))
    .sort()
    .map((path) => ({ name: `config/${path}`, path, bytes: readFileSync(join(folder, path)) }));
}

/** Replaces text in one file of the small organization; fails when the text is not there. */
export function edit(sources: readonly SourceFile[], path: string, from: string, to: string): SourceFile[] {
  return sources.map((source) => {
    if (source.path !== path) return source;
    const before = new TextDecoder().decode(source.bytes);
    if (!before.includes(from)) throw new Error(`${path} does not have ${from}`);
    return { ...source, bytes: new TextEncoder().encode(before.replace(from, to)) };
  });
}

export function planOf(sources: readonly SourceFile[], today?: string): LoadedPlan {
  const loaded = planSources(sources, "config", { today });
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded;
}
