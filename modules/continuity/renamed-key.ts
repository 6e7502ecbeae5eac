import type { ContinuityRules } from "./continuity-rules";
import type { KeyRecord } from "./stack-record";

/** A name of the map that seems to have become another one. */
export interface Renaming {
  readonly what: "workload" | "environment" | "data class";
  readonly from: string;
  readonly to: string;
  /** The key under its new name. */
  readonly key: KeyRecord;
  /** Where `formerly` belongs. */
  readonly places: readonly string[];
}

/**
 * The key that a vanished one seems to be now: one part of its identity is another, and the map no longer has the part that
 * was. Keys are cut so that names are parts between `_`, which names cannot have: `payments_prod_s3`,
 * `shared_confidential_dev`.
 */
export function renamedKey(
  vanished: KeyRecord,
  appeared: readonly KeyRecord[],
  rules: ContinuityRules,
): Renaming | undefined {
  const before = vanished.identity.split("_");
  const renamings = appeared.flatMap((key): Renaming[] => {
    const after = key.identity.split("_");
    if (key.kind !== "key" || key.region !== vanished.region || after.length !== before.length) return [];
    const differing = before.flatMap((part, index) => (part === after[index] ? [] : [index]));
    const [index = -1, second] = differing;
    const [from, to] = [before[index], after[index]];
    if (second !== undefined || from === undefined || to === undefined) return [];
    const what = partAt(before, index);
    if (what === undefined || isKnown(what, from, before, rules)) return [];
    if (what !== "data class" && key.metadata?.dataClass !== vanished.metadata?.dataClass) return [];
    const sources = key.metadata?.sources ?? [];
    return [{ what, from, to, key, places: placesOf(what, to, sources) }];
  });
  // A workload that stays in its team's file is more likely the old one than one that comes in another.
  const files = new Set(vanished.metadata?.sources.map(fileOf));
  return (
    renamings.find(({ key }) => key.metadata?.alias === vanished.metadata?.alias) ??
    renamings.find(({ key }) => key.metadata?.sources.some((source) => files.has(fileOf(source)))) ??
    renamings[0]
  );
}

function partAt([first]: readonly string[], index: number): Renaming["what"] | undefined {
  if (first === "shared") return ([undefined, "data class", "environment"] as const)[index];
  return (["workload", "environment"] as const)[index];
}

function isKnown(
  what: Renaming["what"],
  name: string,
  [workload = ""]: readonly string[],
  { workloads, dataClasses }: ContinuityRules,
): boolean {
  switch (what) {
    case "workload":
      return workloads.has(name);
    case "data class":
      return dataClasses.has(name);
    case "environment":
      return workload === "shared"
        ? [...workloads.values()].some((environments) => environments.has(name))
        : (workloads.get(workload)?.has(name) ?? false);
  }
}

function placesOf(what: Renaming["what"], name: string, sources: readonly string[]): string[] {
  switch (what) {
    case "workload":
      return [...new Set(sources.map((source) => `${fileOf(source)} ${name}`))];
    case "environment":
      return [...sources];
    case "data class":
      return [`data-classes.yaml ${name}`];
  }
}

function fileOf(source: string): string {
  return source.split(" ")[0] ?? "";
}
