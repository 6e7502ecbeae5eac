import type { MapFile } from "./map-file";
import type { Organization } from "./organization-map";
import type { Problem } from "./problem";

/** The fields of a zone that say what it owns. */
const membership: ReadonlySet<string> = new Set(["organization", "ous", "accounts"]);

/**
 * Whether it is certain which OU is whose: with a mistake in one zone's OUs, any OU may be that zone's.
 *
 * @param files by path below the configuration folder
 */
export function zoneWallsKnown(
  { name }: Organization,
  files: ReadonlyMap<string, MapFile>,
  problems: readonly Problem[],
): boolean {
  const organizationFile = files.get(`organizations/${name}.yaml`)?.name;
  const zonesFile = files.get("zones.yaml")?.name;
  return !problems.some(({ file, path }) => {
    const [, field] = path.split(".");
    return file === organizationFile || (file === zonesFile && (field === undefined || membership.has(field)));
  });
}
