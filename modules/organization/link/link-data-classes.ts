import { aliasPatternFlaws } from "../alias-pattern";
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
    if (entry.value.alias === undefined) continue;
    for (const { message, fix } of aliasPatternFlaws(entry.value.alias, entry.value.per, false)) {
      problems.push(entry.file.problem([name, "alias"], message, { fix }));
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
    aliases: [],
    formerly: undefined,
    ...kind,
    deletionWindowDays: entry.deletionWindowDays ?? 30,
    rootAccess: entry.rootAccess ?? "full",
    grants: {
      encryptionContext: entry.grants?.encryptionContext ?? "optional",
      expires: entry.grants?.expires ?? "optional",
    },
  };
}
