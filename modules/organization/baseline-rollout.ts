import { fillAliasPattern } from "./alias-pattern";
import type { BaselineDataClass, OrganizationMap } from "./organization-map";
import type { Rollout } from "./rollout";

/** The rollout that brings the keys of all baseline classes to a zone's accounts; undefined for a zone without one. */
export function baselineRolloutOf(zone: string, { rollouts }: Pick<OrganizationMap, "rollouts">): Rollout | undefined {
  return rollouts.find((rollout) => rollout.zone === zone && rollout.template === "baseline-keys");
}

/** The classes whose keys such a rollout brings, sorted by name. */
export function baselineClassesOf({ dataClasses }: Pick<OrganizationMap, "dataClasses">): BaselineDataClass[] {
  return dataClasses.filter((dataClass) => dataClass.key === "baseline");
}

/** The key's alias in each account of a zone, with `alias/`. */
export function baselineAliasOf({ name, alias }: BaselineDataClass, zone: string): string {
  return fillAliasPattern(alias, { dataClass: name, zone });
}
