import { isSuccessor } from "../aws/key-generation";
import type { MapFile } from "./map-file";
import type { OrganizationMap } from "./organization-map";
import type { Problem } from "./problem";
import { zoneWallsKnown } from "./zone-walls";

/**
 * What is left of a map without everything that has a problem, so that the mistakes which only show in the key plan can
 * be reported together with the others. It is never synthesized.
 *
 * @param files by path below the configuration folder
 */
export function soundPart(
  map: OrganizationMap,
  files: ReadonlyMap<string, MapFile>,
  problems: readonly Problem[],
): OrganizationMap {
  /** The entries with problems, by file; the empty name for the file as a whole. */
  const wrong = new Map<string, Set<string>>();
  for (const { file, path } of problems) {
    const names = wrong.get(file) ?? new Set();
    wrong.set(file, names.add(path.split(".")[0] ?? ""));
  }
  const isWrong = (path: string, name: string): boolean => {
    const names = wrong.get(files.get(path)?.name ?? "");
    return names !== undefined && (names.has(name) || names.has(""));
  };
  const zones = map.zones.filter(({ name, organization }) => {
    const organizationFile = files.get(`organizations/${organization.name}.yaml`)?.name ?? "";
    return !isWrong("zones.yaml", name) && !wrong.has(organizationFile);
  });
  const zoneNames = new Set(zones.map(({ name }) => name));
  const workloads = map.workloads.filter(({ name, dataClass, environments }) => {
    if (isWrong("data-classes.yaml", dataClass.name)) return false;
    return environments.every(
      ({ account, source }) => zoneNames.has(account.zone) && !isWrong(source.split(" ")[0] ?? "", name),
    );
  });
  const exceptions = map.exceptions.filter(({ name }) => !isWrong("exceptions.yaml", name));
  const rollouts = map.rollouts.filter(({ zone, template, ownTemplate, administrator }) => {
    if (template === "baseline-keys" && wrong.has(files.get("data-classes.yaml")?.name ?? "")) return false;
    if (ownTemplate !== undefined && isWrong(ownTemplate.path, "")) return false;
    if (!zoneWallsKnown(administrator.organization, files, problems)) return false;
    return zoneNames.has(zone) && !isWrong("rollouts.yaml", zone);
  });
  const driftIgnores = map.driftIgnores.filter(({ name }) => !isWrong("drift.yaml", name));
  const lifecycles = soundLifecycles(map, files, problems, isWrong);
  return { ...map, zones, workloads, exceptions, lifecycles, driftIgnores, rollouts };
}

/**
 * Which keys there are depends on everything else, so that nothing is said about lifecycles while something else is wrong. An
 * entry for a key that another entry makes is as good as that one.
 */
function soundLifecycles(
  map: OrganizationMap,
  files: ReadonlyMap<string, MapFile>,
  problems: readonly Problem[],
  isWrong: (path: string, name: string) => boolean,
): OrganizationMap["lifecycles"] {
  const own = files.get("lifecycle.yaml")?.name;
  const beside = [files.get("exceptions.yaml")?.name, files.get("drift.yaml")?.name];
  if (problems.some(({ file }) => file !== own && !beside.includes(file))) return [];
  const anyIsWrong = problems.some(({ file }) => file === own);
  return map.lifecycles.filter(
    ({ name, key }) => !isWrong("lifecycle.yaml", name) && !(anyIsWrong && isSuccessor(key)),
  );
}
