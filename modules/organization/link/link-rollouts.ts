import type { CheckedFiles } from "../check-files";
import type { DataClass, Zone } from "../organization-map";
import { listNames, type Problem, suggestName } from "../problem";
import type { Rollout } from "../rollout";
import { valueAt } from "../schema/schema-at";
import { zoneWallsKnown } from "../zone-walls";
import type { ZoneReport } from "./check-zone";
import type { KnownAccounts } from "./known-accounts";
import { linkRollout } from "./link-rollout";
import { linkRolloutAdministrator } from "./link-rollout-administrator";
import type { RolloutContext } from "./rollout-context";
import { isBuiltIn, likelyTemplate, unknownTemplate, unusedTemplates } from "./rollout-templates";

/** What the file of rollouts is held against. */
export interface RolloutsSurroundings {
  /** Every zone by name, with its pipelines. */
  readonly zones: ReadonlyMap<string, Zone>;
  readonly accounts: KnownAccounts;
  /** Undefined when some of them could not be read. */
  readonly dataClasses: readonly DataClass[] | undefined;
  /** Everything else that is wrong with the map: what is in doubt because of it is not reported once more. */
  readonly problems: readonly Problem[];
}

/** Resolves the file of rollouts: whom each goes to, and from which account. */
export function linkRollouts(
  files: CheckedFiles,
  around: RolloutsSurroundings,
): { rollouts: Rollout[]; problems: Problem[] } {
  const rollouts: Rollout[] = [];
  const problems: Problem[] = [];
  const { rollouts: checked, zones: zonesFile } = files;
  for (const [name, { file, value }] of checked?.entries ?? []) {
    const report: ZoneReport = (path, message, fix, atKey = false) => {
      problems.push(file.problem([name, ...path], message, { fix, atKey }));
    };
    const zone = around.zones.get(name);
    if (zone === undefined) {
      if (zonesFile === undefined || zonesFile.names.has(name)) continue;
      const fix = suggestName(name, zonesFile.names, `zones are ${listNames(zonesFile.names)}`);
      report([], "is not a zone of this map", fix, true);
      continue;
    }
    const administrator = linkRolloutAdministrator(zone, value, around, files, report);
    for (const [template, entry] of Object.entries(value.templates)) {
      const ownTemplate = files.rolloutTemplates.find((each) => each.name === template);
      const isKnown = isBuiltIn(template) || files.rolloutTemplateNames.has(template);
      if (!isKnown) report(["templates", template], ...unknownTemplate(template, files), true);
      const at = ["templates", template];
      const context: RolloutContext = {
        ...around,
        zone,
        template: isKnown ? template : likelyTemplate(template, files),
        entry,
        wallsKnown: zoneWallsKnown(zone.organization, files.byPath, around.problems),
        targetsKnown: !around.problems.some(
          (problem) => problem.file === file.name && /^(ous|waves)\b/.test(below(problem.path, [name, ...at])),
        ),
        zoneHas: (field) => valueAt(zonesFile?.file.value, [name, field]) !== undefined,
        has: (field) => entry[field] !== undefined || valueAt(file.value, [name, ...at, field]) !== undefined,
        report: (path, ...rest) => report([...at, ...path], ...rest),
      };
      const linked = linkRollout(context);
      if (administrator === undefined || (ownTemplate === undefined && !isBuiltIn(template))) continue;
      const source = `${file.path} ${[name, ...at].join(".")}`;
      rollouts.push({ ...linked, administrator, ownTemplate, source });
    }
  }
  return { rollouts, problems: [...problems, ...unusedTemplates(files, around.problems)] };
}

/** `ous.0` for `pci.templates.access-roles.ous.0` below the rollout; empty for what is elsewhere. */
function below(path: string, rollout: readonly string[]): string {
  const above = `${rollout.join(".")}.`;
  return path.startsWith(above) ? path.slice(above.length) : "";
}
