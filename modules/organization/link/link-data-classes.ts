import { symmetricKind } from "../../aws/key-kind";
import { aliasPatternFlaws } from "../alias-pattern";
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
    if (entry?.value.key !== "customer-managed" || entry.value.alias === undefined) continue;
    for (const { message, fix } of aliasPatternFlaws(entry.value.alias, entry.value.per, false)) {
      problems.push(entry.file.problem([name, "alias"], message, { fix }));
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
    aliases: [],
    formerly: undefined,
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
