import { listNames, suggestName } from "../problem";
import type { RolloutContext } from "./rollout-context";

/** What has one Region alone, and why. */
const oneRegion: Readonly<Record<string, readonly [why: string, fix: string]>> = {
  "access-roles": ["IAM is global, and an account has each role once", "choose one of them"],
  "baseline-keys": ["primaries are in one, and their replicas elsewhere", "keep one, and put the others into replicas"],
};

/** The Regions of a rollout in their order, and those of its replicas; all of them the zone's. */
export function linkRolloutRegions(context: RolloutContext): {
  regions: readonly string[];
  replicas: readonly string[];
} {
  const { zone, template, entry, report } = context;
  const single = Object.hasOwn(oneRegion, template) ? oneRegion[template] : undefined;
  const regions = entry.regions ?? defaultRegions(context, single !== undefined);
  const replicas = entry.replicas ?? [];
  if (single !== undefined && regions.length > 1) {
    report(["regions"], `must be one Region: ${single[0]}`, single[1], true);
  }
  for (const [field, names] of [
    ["regions", entry.regions ?? []],
    ["replicas", replicas],
  ] as const) {
    for (const [index, region] of names.entries()) {
      if (zone.regions.includes(region)) continue;
      const fix = suggestName(region, zone.regions, "choose one of these, or add it there first");
      report([field, index], `must be a Region of zone ${zone.name} (${listNames(zone.regions)})`, fix);
    }
  }
  for (const [index, region] of replicas.entries()) {
    if (!regions.includes(region)) continue;
    report(["replicas", index], "is the Region of the keys themselves", "drop it: a replica is in another Region");
  }
  return { regions, replicas };
}

function defaultRegions({ zone }: RolloutContext, isSingle: boolean): string[] {
  const home = zone.regions.filter((region) => region === zone.organization.homeRegion);
  const homeFirst = [...home, ...zone.regions.filter((region) => !home.includes(region))];
  return isSingle ? homeFirst.slice(0, 1) : homeFirst;
}
