import { suggestName } from "../organization/problem";
import type { KeyCandidate } from "./key-identity";
import type { PlanProblem } from "./plan-problem";

/**
 * What of a key that is to be taken over is not in the plan, and would stay where it is without a word.
 *
 * @param grants Terraform ids of the grants that are planned on the key
 */
export function refuseAdoption(
  key: KeyCandidate,
  replicaRegions: readonly string[],
  grants: readonly string[],
): PlanProblem[] {
  const { dataClass } = key;
  const { lifecycle } = key.life;
  if (lifecycle?.adopt === undefined) return [];
  const { adopt, source } = lifecycle;
  const problems: PlanProblem[] = [];
  const report = (path: string, message: string, fix: string): void => {
    problems.push({ source: `${source}.adopt.${path}`, message, fix });
  };
  // https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
  const isMultiRegion = adopt.keyId.startsWith("mrk-");
  if (isMultiRegion !== dataClass.multiRegion) {
    const is = isMultiRegion ? "a multi-Region key" : "a single-Region key";
    const has = `data class ${dataClass.name} has ${dataClass.multiRegion ? "multi-Region" : "single-Region"} keys`;
    const fix = `use a data class with multiRegion: ${isMultiRegion}; AWS converts no key`;
    report("keyId", `is ${is}, and ${has}: ${adopt.keyId}`, fix);
  }
  const known = (path: string, names: readonly string[], planned: readonly string[], what: string): void => {
    for (const [index, name] of names.entries()) {
      if (planned.includes(name)) continue;
      const at = path === "grants" ? path : `${path}.${index}`;
      const otherwise =
        planned.length === 0
          ? `the plan has none: add it to the map, or drop it`
          : `the plan has ${planned.join(", ")}`;
      report(at, `is no ${what} that the map plans for key ${key.id}: ${name}`, suggestName(name, planned, otherwise));
    }
  };
  known("replicas", adopt.replicas, replicaRegions, "Region of a replica");
  const withoutPrefix = (alias: string): string => alias.replace(/^alias\//, "");
  known("aliases", adopt.aliases.map(withoutPrefix), key.aliases.map(withoutPrefix), "alias");
  known("grants", [...adopt.grants.keys()], grants, "grant");
  return problems;
}
