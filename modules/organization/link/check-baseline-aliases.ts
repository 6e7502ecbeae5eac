import { kmsLimits } from "../../aws/kms-limits";
import { baselineAliasOf, baselineClassesOf } from "../baseline-rollout";
import type { CheckedEntries } from "../check-files";
import type { OrganizationMap } from "../organization-map";
import type { Problem } from "../problem";
import type { DataClassFile } from "../schema/data-classes-schema";

/** A rollout makes the keys of all baseline classes in each account, so that their aliases have to differ in each zone. */
export function checkBaselineAliases(
  checked: CheckedEntries<DataClassFile> | undefined,
  map: Pick<OrganizationMap, "dataClasses" | "zones">,
): Problem[] {
  const classes = baselineClassesOf(map);
  return classes.flatMap((dataClass, index): Problem[] => {
    const file = checked?.entries.get(dataClass.name)?.file;
    if (file === undefined) return [];
    const problems: Problem[] = [];
    const at = [dataClass.name, "alias"];
    for (const zone of map.zones) {
      const alias = baselineAliasOf(dataClass, zone.name);
      const other = classes.slice(0, index).find((each) => baselineAliasOf(each, zone.name) === alias);
      if (alias.length > kmsLimits.aliasLength) {
        const message = `gives ${alias.length} characters in zone ${zone.name}, and AWS KMS takes at most ${kmsLimits.aliasLength}`;
        problems.push(file.problem(at, message, { fix: "shorten it" }));
      } else if (other !== undefined) {
        const message = `gives ${alias} in each account of zone ${zone.name}, and so does data class ${other.name}`;
        problems.push(file.problem(at, message, { fix: "put {dataClass} into it, or choose another alias" }));
      }
      if (problems.length > 0) break;
    }
    return problems;
  });
}
