import { aliasPatternFlaws, aliasPatternsOf } from "../alias-pattern";
import type { CheckedEntries } from "../check-files";
import type { MapPath } from "../map-file";
import type { DataClass } from "../organization-map";
import type { Problem } from "../problem";
import type { CustomerManagedFile, DataClassFile, KeyScope } from "../schema/data-classes-schema";
import { linkBaselineClass } from "./link-baseline-class";
import { type LinkedKind, linkKeyKind } from "./link-key-kind";

/**
 * Fills in the data classes' defaults.
 *
 * @returns every class by name; one with mistakes is undefined
 */
export function linkDataClasses(checked: CheckedEntries<DataClassFile> | undefined): {
  dataClasses: Map<string, DataClass | undefined>;
  problems: Problem[];
} {
  const dataClasses = new Map<string, DataClass | undefined>();
  const problems: Problem[] = [];
  for (const name of checked?.names ?? []) {
    const entry = checked?.entries.get(name);
    if (entry?.value.key !== "customer-managed") {
      dataClasses.set(name, entry === undefined ? undefined : { name, key: entry.value.key });
      continue;
    }
    const report = (path: MapPath, message: string, fix: string, atKey = false): void => {
      problems.push(entry.file.problem([name, ...path], message, { fix, atKey }));
    };
    const { per, deliver, dropAliases } = entry.value;
    if (per === "account" || deliver !== undefined) {
      dataClasses.set(name, linkBaselineClass(name, entry.value, report));
      continue;
    }
    const kind = linkKeyKind(entry.value, report);
    dataClasses.set(name, kind === undefined ? undefined : linkDataClass(name, entry.value, per, kind));
    for (const { path, pattern } of aliasPatternsOf(entry.value)) {
      for (const { message, fix } of aliasPatternFlaws(pattern, per, false)) {
        report(path, message, fix);
      }
    }
    if (dropAliases !== undefined && per !== "environment") {
      const message = `cannot be set with per: ${per}, where each workload has keys of its own`;
      const fix = "put it into the workload whose alias it is";
      report(["dropAliases"], message, fix, true);
    }
  }
  return { dataClasses, problems };
}

function linkDataClass(name: string, entry: CustomerManagedFile, per: KeyScope, kind: LinkedKind): DataClass {
  return {
    name,
    key: entry.key,
    per,
    alias: entry.alias,
    aliases: entry.aliases ?? [],
    dropAliases: entry.dropAliases ?? [],
    formerly: entry.formerly,
    ...kind,
    deletionWindowDays: entry.deletionWindowDays ?? 30,
    rootAccess: entry.rootAccess ?? "full",
    grants: {
      encryptionContext: entry.grants?.encryptionContext ?? "optional",
      expires: entry.grants?.expires ?? "optional",
    },
  };
}
