/** What a file of the map has, by its place below the configuration folder. */
export type MapFileKind =
  | "organization"
  | "zones"
  | "data-classes"
  | "workloads"
  | "exceptions"
  | "lifecycle"
  | "drift"
  | "rollouts"
  | "rollout-template";

/** The kind of a file, by its path below the configuration folder; undefined for one that is no part of a map. */
export function mapFileKind(path: string): MapFileKind | undefined {
  if (path === "zones.yaml") return "zones";
  if (path === "data-classes.yaml") return "data-classes";
  if (path === "exceptions.yaml") return "exceptions";
  if (path === "lifecycle.yaml") return "lifecycle";
  if (path === "drift.yaml") return "drift";
  if (path === "rollouts.yaml") return "rollouts";
  if (/^organizations\/[^/]+\.yaml$/.test(path)) return "organization";
  if (/^workloads\/[^/]+\.yaml$/.test(path)) return "workloads";
  if (/^rollouts\/[^/]+\.yaml\.hbs$/.test(path)) return "rollout-template";
  return undefined;
}

/** The path that a stray file was most likely meant to have; undefined when it looks like nothing of the map. */
export function intendedPath(path: string): string | undefined {
  const yaml = path
    .toLowerCase()
    .replace(/\.(yml|json)$/, ".yaml")
    .replace(/^(organization|workload)\//, "$1s/")
    .replace(/^zone\.yaml$/, "zones.yaml")
    .replace(/^exception\.yaml$/, "exceptions.yaml")
    .replace(/^life-?cycles?\.yaml$/, "lifecycle.yaml")
    .replace(/^(drifts|drift-?ignores?|ignores?|ignored?-?drifts?)\.yaml$/, "drift.yaml")
    .replace(/^data-?class(es)?\.yaml$/, "data-classes.yaml")
    .replace(/^rollout\.yaml$/, "rollouts.yaml")
    .replace(/^rollouts?\/(?:.*\/)?([^/]+?)(\.ya?ml)?(\.(hbs|handlebars))?$/, "rollouts/$1.yaml.hbs");
  // The map has no folders below workloads/ and organizations/.
  const flat = yaml.replace(/\//g, (slash, index: number) => (yaml.indexOf("/") === index ? slash : "-"));
  return mapFileKind(flat) === undefined ? undefined : flat;
}
