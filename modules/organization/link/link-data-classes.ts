import { symmetricKind } from "../../aws/key-kind";
import { aliasPatternFlaws, aliasPatternsOf } from "../alias-pattern";
import type { CheckedEntries } from "../check-files";
import type { DataClass } from "../organization-map";
import type { Problem } from "../problem";
import type { DataClassFile } from "../schema/data-classes-schema";

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
    dataClasses.set(name, entry === undefined ? undefined : linkDataClass(name, entry.value));
    if (entry?.value.key !== "customer-managed") continue;
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

function linkDataClass(name: string, entry: DataClassFile): DataClass {
  if (entry.key !== "customer-managed") return { name, key: entry.key };
  return {
    name,
    key: entry.key,
    per: entry.per,
    alias: entry.alias,
    aliases: entry.aliases ?? [],
    dropAliases: entry.dropAliases ?? [],
    formerly: entry.formerly,
    kind: symmetricKind,
    keyStore: undefined,
    rotationDays: entry.rotationDays ?? 365,
    deletionWindowDays: entry.deletionWindowDays ?? 30,
    rootAccess: entry.rootAccess ?? "full",
    multiRegion: entry.multiRegion ?? true,
    grants: {
      encryptionContext: entry.grants?.encryptionContext ?? "optional",
      expires: entry.grants?.expires ?? "optional",
    },
  };
}
