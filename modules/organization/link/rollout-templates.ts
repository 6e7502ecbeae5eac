import type { CheckedFiles } from "../check-files";
import { listNames, nearestName, type Problem, suggestName } from "../problem";
import { type BuiltInTemplate, builtInTemplates } from "../rollout";
import { valueAt } from "../schema/schema-at";

export function isBuiltIn(template: string): template is BuiltInTemplate {
  return builtInTemplates.some((name) => name === template);
}

/** What is wrong with a template that nobody has, and how to mend it. */
export function unknownTemplate(name: string, files: CheckedFiles): [message: string, fix: string] {
  const known = knownTemplates(files);
  const otherwise = `templates are ${listNames(known)}; for one of your own add rollouts/${name}.yaml.hbs`;
  return ["is neither a template of orgkeys nor a file of the map", suggestName(name, known, otherwise)];
}

/** The template that a name which is none most likely means: what goes with it is no further mistake. */
export function likelyTemplate(name: string, files: CheckedFiles): string {
  return nearestName(name, knownTemplates(files)) ?? name;
}

function knownTemplates({ rolloutTemplateNames }: CheckedFiles): string[] {
  return [...builtInTemplates, ...rolloutTemplateNames];
}

/** A problem for each template of the map's own that no rollout names: a file that nobody reads is worse than an error. */
export function unusedTemplates(
  { rollouts, allRolloutsRead, rolloutTemplates, byPath }: CheckedFiles,
  problems: readonly Problem[],
): Problem[] {
  if (!allRolloutsRead) return [];
  const zones: unknown[] = Object.values(Object(rollouts?.file.value ?? {}));
  const templates = zones.map((zone) => valueAt(zone, ["templates"]));
  if (templates.some((each) => typeof each !== "object" || each === null || Array.isArray(each))) return [];
  const named = new Set(templates.flatMap((each) => Object.keys(Object(each))));
  // A name that is none was most likely meant to be this one, and has been reported where it stands.
  const misspelled = [...named].filter(
    (name) => !isBuiltIn(name) && !rolloutTemplates.some((own) => own.name === name),
  );
  const ownNames = rolloutTemplates.map(({ name }) => name);
  const meant = new Set(misspelled.map((name) => nearestName(name, ownNames)));
  const fix = "add it to rollouts.yaml, or delete the file";
  return rolloutTemplates
    .filter(({ name }) => !named.has(name) && !meant.has(name))
    .flatMap(({ path }) => byPath.get(path) ?? [])
    .filter((file) => !problems.some((problem) => problem.file === file.name))
    .map((file) => file.problem([], "is a template that no rollout names", { fix }));
}
