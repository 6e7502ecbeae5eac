import { aliasPatternFlaws, aliasPatternsOf } from "../alias-pattern";
import type { CheckedEntries } from "../check-files";
import type { DataClass } from "../organization-map";
import type { Problem } from "../problem";
import type { CustomerManagedFile, DataClassFile } from "../schema/data-classes-schema";
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
    const kind = linkKeyKind(entry.value, (path, message, fix) => {
      problems.push(entry.file.problem([name, ...path], message, { fix }));
    });
    dataClasses.set(name, kind === undefined ? undefined : linkDataClass(name, entry.value, kind));
    const { per, dropAliases } = entry.value;
    for (const { path, pattern } of aliasPatternsOf(entry.value)) {
      for (const { message, fix } of aliasPatternFlaws(pattern, per, false)) {
        problems.push(entry.file.problem([name, ...path], message, { fix }));
      }
    }
    if (dropAliases !== undefined && per !== "environment") {
      const message = `cannot be set with per: ${per}, where each workload has keys of its own`;
      const fix = "put it into the workload whose alias it is";
      problems.push(entry.file.problem([name, "dropAliases"], message, { atKey: true, fix }));
    }
  }
  return { dataClasses, problems };
}

function linkDataClass(name: string, entry: CustomerManagedFile, kind: LinkedKind): DataClass {
  return {
    name,
    key: entry.key,
    per: entry.per,
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
