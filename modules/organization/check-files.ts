import type { z } from "zod";
import { nameOrder } from "../aws/name-order";
import type { OrganizationSource } from "./link/link-organizations";
import type { MapFile, SourceFile } from "./map-file";
import { intendedPath, type MapFileKind, mapFileKind } from "./map-file-kind";
import type { Problem } from "./problem";
import { readRolloutTemplates, templateNameOf } from "./read-rollout-templates";
import type { RolloutTemplate } from "./rollout";
import { type CheckedValue, checkSchema } from "./schema/check-schema";
import { type DataClassFile, dataClassesSchema } from "./schema/data-classes-schema";
import { type DriftIgnoreFile, driftSchema } from "./schema/drift-schema";
import { type ExceptionFile, exceptionsSchema } from "./schema/exceptions-schema";
import { type LifecycleFile, lifecyclesSchema } from "./schema/lifecycle-schema";
import { organizationSchema } from "./schema/organization-schema";
import { rolloutsSchema, type ZoneRolloutsFile } from "./schema/rollouts-schema";
import { type WorkloadFile, workloadsSchema } from "./schema/workloads-schema";
import { type ZoneFile, zonesSchema } from "./schema/zones-schema";
import { parseMapFile } from "./yaml/parse-map-file";

/** A mapping of names, as far as it can be held against the rest of the map. */
export interface CheckedEntries<Entry> {
  readonly file: MapFile;
  /** Entries without their mistakes, each with the file for its paths. */
  readonly entries: ReadonlyMap<string, { readonly value: Entry; readonly file: MapFile }>;
  /** Every name, those of entries with nothing to go on with included. */
  readonly names: ReadonlySet<string>;
}

/** All files of the map, each held against its schema. What could not be read at all is undefined or missing. */
export interface CheckedFiles {
  /** Every file that could be parsed, by its path below the configuration folder. */
  readonly byPath: ReadonlyMap<string, MapFile>;
  readonly organizations: readonly OrganizationSource[];
  /** False when there is an organization that could not be read, so that any account may be in it. */
  readonly allOrganizationsRead: boolean;
  readonly zones: CheckedEntries<ZoneFile> | undefined;
  readonly dataClasses: CheckedEntries<DataClassFile> | undefined;
  readonly workloads: readonly CheckedEntries<WorkloadFile>[];
  /** False when there is a file of workloads that could not be read. */
  readonly allWorkloadsRead: boolean;
  readonly exceptions: CheckedEntries<ExceptionFile> | undefined;
  readonly lifecycles: CheckedEntries<LifecycleFile> | undefined;
  readonly driftIgnores: CheckedEntries<DriftIgnoreFile> | undefined;
  readonly rollouts: CheckedEntries<ZoneRolloutsFile> | undefined;
  /** False when there is a file of rollouts that could not be read. */
  readonly allRolloutsRead: boolean;
  /** The map's own templates that could be read. */
  readonly rolloutTemplates: readonly RolloutTemplate[];
  /** The names of all its templates, those of files that could not be read or were misnamed included. */
  readonly rolloutTemplateNames: ReadonlySet<string>;
  /** Places, as `config/zones.yaml pci.regions`, where mistakes were taken out to go on without them. */
  readonly mended: ReadonlySet<string>;
}

/**
 * Parses every file of the map and holds it against its schema.
 *
 * @param directory the configuration folder's name, for problems about files that are not there
 */
export function checkFiles(
  sources: readonly SourceFile[],
  directory: string,
): { files: CheckedFiles; problems: Problem[] } {
  const { byKind, intendedPaths, problems } = sortByKind(sources);
  const intended = new Set(intendedPaths.map(mapFileKind));
  problems.push(...missingFiles(directory, (kind) => byKind.has(kind) || intended.has(kind)));

  const byPath = new Map<string, MapFile>();
  const parse = (kind: MapFileKind): MapFile[] => {
    const parsed = (byKind.get(kind) ?? []).flatMap((source) => parseMapping(kind, source, problems) ?? []);
    for (const file of parsed) byPath.set(file.path, file);
    return parsed;
  };
  const mended = new Set<string>();
  const check: Check = (schema, file, value) => {
    const checked = checkSchema(schema, file, value);
    problems.push(...checked.problems);
    for (const path of checked.mended) mended.add(`${file.name} ${path.join(".")}`);
    return checked.sound;
  };
  const organizations = parse("organization").map((file) => checkOrganizationFile(file, check, problems));
  const [zones] = parse("zones").map((file) => checkEntries(file, zonesSchema, check));
  const [dataClasses] = parse("data-classes").map((file) => checkEntries(file, dataClassesSchema, check));
  const workloads = parse("workloads").map((file) => checkEntries(file, workloadsSchema, check));
  const [exceptions] = parse("exceptions").map((file) => checkEntries(file, exceptionsSchema, check));
  const [lifecycles] = parse("lifecycle").map((file) => checkEntries(file, lifecyclesSchema, check));
  const [driftIgnores] = parse("drift").map((file) => checkEntries(file, driftSchema, check));
  const [rollouts] = parse("rollouts").map((file) => checkEntries(file, rolloutsSchema, check));
  const templates = readRolloutTemplates(byKind.get("rollout-template") ?? []);
  problems.push(...templates.problems);
  for (const file of templates.files) byPath.set(file.path, file);
  const isWrong = ([source]: readonly SourceFile[] = []) => problems.some(({ file }) => file === source?.name);
  const allOrganizationsRead =
    organizations.length > 0 &&
    organizations.length === byKind.get("organization")?.length &&
    !intended.has("organization");
  const allWorkloadsRead = workloads.length === (byKind.get("workloads")?.length ?? 0) && !intended.has("workloads");
  return {
    files: {
      byPath,
      organizations,
      allOrganizationsRead,
      zones,
      dataClasses,
      workloads,
      allWorkloadsRead,
      exceptions,
      lifecycles,
      driftIgnores,
      rollouts,
      allRolloutsRead: !intended.has("rollouts") && !(rollouts === undefined && isWrong(byKind.get("rollouts"))),
      rolloutTemplates: templates.templates,
      rolloutTemplateNames: new Set(
        [...templates.files.map(({ path }) => path), ...intendedPaths]
          .filter((path) => mapFileKind(path) === "rollout-template")
          .map(templateNameOf),
      ),
      mended,
    },
    problems,
  };
}

/** The files of each kind in the order of their paths, and the paths that stray files were most likely meant to have. */
function sortByKind(sources: readonly SourceFile[]): {
  byKind: Map<MapFileKind, SourceFile[]>;
  intendedPaths: string[];
  problems: Problem[];
} {
  const byKind = new Map<MapFileKind, SourceFile[]>();
  const intendedPaths: string[] = [];
  const problems: Problem[] = [];
  for (const source of [...sources].sort((a, b) => nameOrder(a.path, b.path))) {
    const kind = mapFileKind(source.path);
    const own = kind === undefined ? undefined : byKind.get(kind);
    if (own !== undefined) own.push(source);
    else if (kind !== undefined) byKind.set(kind, [source]);
    else {
      problems.push(strayFile(source));
      intendedPaths.push(intendedPath(source.path) ?? "");
    }
  }
  return { byKind, intendedPaths, problems };
}

/** What is fine when there is none of it. */
const mayBeEmpty: ReadonlySet<MapFileKind> = new Set(["drift", "exceptions", "lifecycle", "rollouts"]);

/** Every file of the map has names at its top. */
function parseMapping(kind: MapFileKind, source: SourceFile, problems: Problem[]): MapFile | undefined {
  const { file, problems: found } = parseMapFile(source, { mayBeEmpty: mayBeEmpty.has(kind) });
  problems.push(...found);
  if (file === undefined || (typeof file.value === "object" && file.value !== null && !Array.isArray(file.value))) {
    return file;
  }
  const value = Array.isArray(file.value) ? "a list" : undefined;
  problems.push(file.problem([], "must be a mapping", { value, fix: "write each name in a line: NAME: …" }));
  return undefined;
}

/** Holds a value against a schema, and notes what is wrong with it. */
type Check = <Schema extends z.ZodType>(
  schema: Schema,
  file: MapFile,
  value: unknown,
) => CheckedValue<z.output<Schema>>["sound"];

function checkOrganizationFile(file: MapFile, check: Check, problems: Problem[]): OrganizationSource {
  const name = file.path.replace(/^organizations\//, "").replace(/\.yaml$/, "");
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
    const fix = "rename the file: lower-case letters, digits and hyphens, first a letter";
    problems.push({
      ...file.problem([], `gives organization ${name} a name that nothing else can use`, { fix }),
      line: 1,
      column: 1,
    });
  }
  const sound = check(organizationSchema, file, file.value);
  return { name, file: sound?.file ?? file, value: sound?.value };
}

type EntriesSchema<Entry> = z.ZodRecord<z.ZodType<string, string>, z.ZodType<Entry>>;

/** A mapping of names, each entry checked by itself, so that one bad entry hides nothing about the others. */
function checkEntries<Entry>(file: MapFile, schema: EntriesSchema<Entry>, check: Check): CheckedEntries<Entry> {
  const entries = new Map<string, { value: Entry; file: MapFile }>();
  const value: object = typeof file.value === "object" && file.value !== null ? file.value : {};
  for (const [name, entry] of Object.entries(value)) {
    const sound = check(schema, file, { [name]: entry });
    if (sound === undefined) continue;
    for (const [key, good] of Object.entries(sound.value)) entries.set(key, { value: good, file: sound.file });
  }
  return { file, entries, names: new Set(Object.keys(value)) };
}

function strayFile(source: SourceFile): Problem {
  const renamed = intendedPath(source.path);
  const fix =
    renamed === undefined
      ? "a map has zones.yaml, data-classes.yaml, exceptions.yaml, lifecycle.yaml, drift.yaml, rollouts.yaml, organizations/*.yaml, workloads/*.yaml and rollouts/*.yaml.hbs: move or delete it"
      : `rename it to ${renamed}`;
  return { file: source.name, line: 1, column: 1, path: "", message: "is not a file of the map", fix };
}

function missingFiles(directory: string, has: (kind: MapFileKind) => boolean): Problem[] {
  const needed = [
    ["organization", "organizations/NAME.yaml", "with the organization's id, Regions, OUs and accounts"],
    ["zones", "zones.yaml", "with at least one zone"],
    ["data-classes", "data-classes.yaml", "with at least one data class"],
  ] as const;
  return needed
    .filter(([kind]) => !has(kind))
    .map(([, path, content]) => ({
      file: `${directory}/${path}`,
      line: 1,
      column: 1,
      path: "",
      message: "is missing",
      fix: `add it ${content}`,
    }));
}
