import { nameOrder } from "../aws/name-order";
import { unknownPlaceholders } from "./alias-pattern";
import { checkSchema } from "./check-schema";
import { linkOrganizations } from "./link-organizations";
import { linkWorkload } from "./link-workloads";
import { linkZones } from "./link-zones";
import { type MapFile, parseMapFile, type SourceFile } from "./map-file";
import type { DataClass, OrganizationMap, Workload } from "./organization-map";
import { type Problem, sortProblems } from "./problem";
import { type DataClassFile, dataClassesSchema } from "./schema/data-classes-schema";
import { type OrganizationFile, organizationSchema } from "./schema/organization-schema";
import { type WorkloadFile, workloadsSchema } from "./schema/workloads-schema";
import { type ZoneFile, zonesSchema } from "./schema/zones-schema";

/** What kind of content a file of the map has, by its place below the configuration folder. */
export function mapFileKind(path: string): "organization" | "zones" | "data-classes" | "workloads" | undefined {
  if (path === "zones.yaml") return "zones";
  if (path === "data-classes.yaml") return "data-classes";
  if (/^organizations\/[^/]+\.yaml$/.test(path)) return "organization";
  if (/^workloads\/[^/]+\.yaml$/.test(path)) return "workloads";
  return undefined;
}

export interface ReadMap {
  readonly map: OrganizationMap;
  /** A problem that shows later, at a place as `WorkloadEnvironment.source` writes it. */
  problemAt(source: string, message: string, fix: string): Problem;
}

/**
 * Reads the whole map: every file is parsed and held against its schema, and every reference between files is resolved.
 *
 * @param directory the configuration folder's name, for problems about files that are not there
 * @returns the map, or every problem of every file; never a map with problems
 */
export function readOrganizationMap(
  sources: readonly SourceFile[],
  directory: string,
): ReadMap | { problems: Problem[] } {
  const problems: Problem[] = [];
  const files = new Map<string, MapFile>();
  const organizationFiles: { file: MapFile; name: string; value: OrganizationFile }[] = [];
  let zonesFile: { file: MapFile; entries: Map<string, ZoneFile>; complete: boolean } | undefined;
  let dataClassesFile: { file: MapFile; entries: Map<string, DataClassFile>; names: Set<string> } | undefined;
  const workloadFiles: { file: MapFile; entries: Map<string, WorkloadFile> }[] = [];
  const seen = { organization: 0, zones: 0, "data-classes": 0, workloads: 0 };

  for (const source of [...sources].sort((a, b) => nameOrder(a.path, b.path))) {
    const kind = mapFileKind(source.path);
    if (kind === undefined) {
      problems.push(strayFile(source));
      continue;
    }
    seen[kind] += 1;
    const { file, problems: found } = parseMapFile(source);
    problems.push(...found);
    if (file === undefined) continue;
    files.set(file.path, file);
    switch (kind) {
      case "organization": {
        const name = source.path.replace(/^organizations\//, "").replace(/\.yaml$/, "");
        if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
          const fix = "rename the file: lower-case letters, digits and hyphens";
          problems.push(
            file.problem([], `gives organization the name ${JSON.stringify(name)}`, { fix, showValue: false }),
          );
        }
        const checked = checkSchema(organizationSchema, file, [], file.value);
        if ("problems" in checked) problems.push(...checked.problems);
        else organizationFiles.push({ file, name, value: checked.value });
        break;
      }
      case "zones": {
        const { entries, names } = checkEntries(file, zonesSchema, problems);
        zonesFile = { file, entries, complete: entries.size === names.size };
        break;
      }
      case "data-classes":
        dataClassesFile = { file, ...checkEntries(file, dataClassesSchema, problems) };
        break;
      case "workloads":
        workloadFiles.push({ file, entries: checkEntries(file, workloadsSchema, problems).entries });
        break;
    }
  }
  for (const [kind, path] of [
    ["organization", "organizations/NAME.yaml"],
    ["zones", "zones.yaml"],
    ["data-classes", "data-classes.yaml"],
  ] as const) {
    if (seen[kind] > 0) continue;
    problems.push({
      file: `${directory}/${path}`,
      line: 1,
      column: 1,
      path: "",
      message: "is missing",
      fix: "a map needs it",
    });
  }

  const dataClasses = new Map<string, DataClass | undefined>();
  for (const name of dataClassesFile?.names ?? []) {
    const entry = dataClassesFile?.entries.get(name);
    dataClasses.set(name, entry === undefined ? undefined : linkDataClass(name, entry));
  }
  if (dataClassesFile !== undefined) checkAliasPatterns(dataClassesFile, problems);

  const organizations = linkOrganizations(organizationFiles);
  problems.push(...organizations.problems);
  const organizationsComplete = organizationFiles.length === seen.organization && seen.organization > 0;
  if (!organizationsComplete || zonesFile === undefined) return { problems: sortProblems(problems) };

  const zones = linkZones(zonesFile.file, zonesFile.entries, organizations, dataClassesFile?.names, zonesFile.complete);
  problems.push(...zones.problems);
  const allAccountsKnown = zones.accounts.size === organizations.accounts.size;

  const workloads: Workload[] = [];
  const places = new Map<string, string>();
  for (const { file, entries } of workloadFiles) {
    for (const [name, entry] of entries) {
      const other = places.get(name);
      if (other !== undefined) {
        const fix = "a workload stands in one file: rename one of them";
        problems.push(file.problem([name], `is already a workload in ${other}`, { atKey: true, fix }));
      }
      places.set(name, file.name);
      const linked = linkWorkload(file, name, entry, {
        accounts: zones.accounts,
        allAccountsKnown,
        zones: zones.zones,
        dataClasses,
        allDataClassesKnown: dataClassesFile !== undefined,
      });
      problems.push(...linked.problems);
      if (linked.workload !== undefined) workloads.push(linked.workload);
    }
  }
  if (problems.length > 0) return { problems: sortProblems(problems) };
  const byName = <Named extends { readonly name: string }>(items: Iterable<Named>): Named[] =>
    [...items].sort((a, b) => nameOrder(a.name, b.name));
  return {
    map: {
      organizations: byName(organizations.organizations.values()),
      accounts: byName(zones.accounts.values()),
      zones: byName(zones.zones.values()),
      dataClasses: byName([...dataClasses.values()].filter((dataClass) => dataClass !== undefined)),
      workloads: byName(workloads),
    },
    problemAt: (source, message, fix) => {
      const [path = "", at = ""] = source.split(" ");
      const file = files.get(path);
      if (file === undefined) return { file: path, line: 1, column: 1, path: at, message, fix };
      return file.problem(at.split("."), message, { fix, atKey: true });
    },
  };
}

/** A mapping of names, each entry checked by itself, so that one bad entry hides nothing about the others. */
function checkEntries<Entry>(
  file: MapFile,
  schema: import("zod").ZodRecord<import("zod").ZodType<string, string>, import("zod").ZodType<Entry>>,
  problems: Problem[],
): { entries: Map<string, Entry>; names: Set<string> } {
  const entries = new Map<string, Entry>();
  const names = new Set<string>();
  const value = file.value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(file.problem([], "must be a mapping of names", { fix: "write NAME: {…}" }));
    return { entries, names };
  }
  for (const [name, entry] of Object.entries(value)) {
    names.add(name);
    const checked = checkSchema(schema, file, [], { [name]: entry });
    if ("problems" in checked) problems.push(...checked.problems);
    else for (const [key, good] of Object.entries(checked.value)) entries.set(key, good);
  }
  return { entries, names };
}

function strayFile(source: SourceFile): Problem {
  const renamed = source.path.replace(/\.(yml|json)$/, ".yaml");
  const fix =
    renamed !== source.path && mapFileKind(renamed) !== undefined
      ? `rename it to ${renamed}`
      : "the map is zones.yaml, data-classes.yaml, organizations/*.yaml and workloads/*.yaml: move or delete it";
  return { file: source.name, line: 1, column: 1, path: "", message: "is not a file of the map", fix };
}

function linkDataClass(name: string, entry: DataClassFile): DataClass {
  if (entry.key !== "customer-managed") return { name, key: entry.key };
  return {
    name,
    key: entry.key,
    per: entry.per,
    alias: entry.alias,
    rotationDays: entry.rotationDays ?? 365,
    deletionWindowDays: entry.deletionWindowDays ?? 30,
    rootAccess: entry.rootAccess ?? "full",
    multiRegion: entry.multiRegion ?? true,
  };
}

function checkAliasPatterns(
  dataClasses: { file: MapFile; entries: ReadonlyMap<string, DataClassFile> },
  problems: Problem[],
): void {
  for (const [name, entry] of dataClasses.entries) {
    if (entry.key !== "customer-managed" || entry.alias === undefined) continue;
    const { unknown, allowed } = unknownPlaceholders(entry.alias, entry.per, false);
    for (const placeholder of unknown) {
      const message = `has {${placeholder}}, allowed are ${allowed.map((each) => `{${each}}`).join(", ")}`;
      problems.push(dataClasses.file.problem([name, "alias"], message));
    }
  }
}
