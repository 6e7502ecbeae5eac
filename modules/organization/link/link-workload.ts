import { nameOrder } from "../../aws/name-order";
import { serviceProfiles } from "../../aws/service-profiles";
import { viaServiceWords } from "../../aws/via-services";
import { aliasPatternFlaws, aliasPatternsOf } from "../alias-pattern";
import type { MapFile } from "../map-file";
import type { CustomerManagedDataClass, DataClass } from "../organization-map";
import { listNames, type Problem, suggestName } from "../problem";
import type { WorkloadFile } from "../schema/workloads-schema";
import type { Workload } from "../workload";
import { checkRotation } from "./check-kind";
import { linkEnvironment } from "./link-environment";
import type { KnownMap, WorkloadContext } from "./workload-context";

/** What `perService` can name: services that use keys for their callers, and those that call as themselves. */
const serviceWords: ReadonlySet<string> = new Set([
  ...viaServiceWords,
  ...serviceProfiles.map((profile) => profile.name),
]);

/** The fields of a workload that say something about keys of its own. */
const keyFields = ["alias", "aliases", "dropAliases", "perService", "rotationDays", "deletionWindowDays"] as const;

/** Resolves one workload of a team's file. Problems do not stop it: all of them are found in one go. */
export function linkWorkload(
  file: MapFile,
  name: string,
  entry: WorkloadFile,
  known: KnownMap,
): { workload?: Workload; problems: Problem[] } {
  const problems: Problem[] = [];
  const dataClass = known.dataClasses.get(entry.dataClass);
  const context: WorkloadContext = {
    known,
    entry,
    dataClass,
    report: (path, message, fix, atKey = false) => {
      problems.push(file.problem([name, ...path], message, { fix, atKey }));
    },
    mention: (path, principal) => {
      known.mentions.push({ principal, file, path: [name, ...path] });
    },
    sourceAt: (path) => `${file.path} ${[name, ...path].join(".")}`,
  };
  if (dataClass !== undefined) checkAgainstDataClass(dataClass, context);
  else if (known.allDataClassesKnown && !known.dataClasses.has(entry.dataClass)) {
    const names = [...known.dataClasses.keys()];
    const fix = suggestName(entry.dataClass, names, `data classes are ${listNames(names)}`);
    context.report(["dataClass"], "is not a data class", fix);
  }
  for (const [index, service] of (entry.perService ?? []).entries()) {
    if (serviceWords.has(service)) continue;
    const fix = suggestName(service, serviceWords, `services are ${listNames(serviceWords, 120)}`);
    context.report(["perService", index], "is not a service", fix);
  }
  const environments = Object.entries(entry.environments)
    .map(([environmentName, environment]) => linkEnvironment(environmentName, environment, context))
    .filter((environment) => environment !== undefined);
  if (dataClass === undefined) return { problems };
  const workload: Workload = {
    name,
    owner: entry.owner,
    description: entry.description,
    dataClass,
    perService: [...(entry.perService ?? [])].sort(nameOrder),
    alias: entry.alias,
    aliases: entry.aliases ?? [],
    dropAliases: entry.dropAliases ?? [],
    formerly: entry.formerly,
    rotationDays: entry.rotationDays,
    deletionWindowDays: entry.deletionWindowDays,
    tags: entry.tags ?? {},
    environments: environments.sort((a, b) => nameOrder(a.name, b.name)),
  };
  return { workload, problems };
}

/** The keys of a class that gives a workload none of its own. */
const keysOf = {
  "aws-owned": "AWS owned keys",
  "aws-managed": "AWS managed keys",
  baseline: "keys that each account has by itself",
} as const;

function checkAgainstDataClass(dataClass: DataClass, context: WorkloadContext): void {
  if (dataClass.key !== "customer-managed") {
    const why = `cannot be set: data class ${dataClass.name} uses ${keysOf[dataClass.key]}`;
    const other = dataClass.key === "baseline" ? "that gives each workload its own" : "with customer managed keys";
    refuseKeyFields(why, `leave it out, or use a data class ${other}`, context);
  } else if (dataClass.per === "environment") {
    const why = `cannot be set: data class ${dataClass.name} shares one key per environment`;
    refuseKeyFields(why, "leave it out, or use a data class that gives each workload its own", context);
  } else {
    checkOwnKeys(dataClass, context);
    checkRotation(dataClass, context);
  }
}

function refuseKeyFields(why: string, fix: string, { entry, report }: WorkloadContext): void {
  for (const field of keyFields) if (entry[field] !== undefined) report([field], why, fix, true);
}

function checkOwnKeys(dataClass: CustomerManagedDataClass, { entry, report }: WorkloadContext): void {
  if (dataClass.per === "service" && entry.perService === undefined) {
    const fix = "add perService with the names of its services";
    report([], `needs perService: data class ${dataClass.name} gives one key a service`, fix, true);
  }
  for (const { path, pattern } of aliasPatternsOf(entry)) {
    for (const { message, fix } of aliasPatternFlaws(pattern, dataClass.per, entry.perService !== undefined)) {
      report(path, message, fix);
    }
  }
}
