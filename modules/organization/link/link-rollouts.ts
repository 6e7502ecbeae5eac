import { hasServiceManagedStackSets } from "../../aws/organizations";
import type { CheckedFiles } from "../check-files";
import type { Account, DataClass, Zone } from "../organization-map";
import { listNames, nearestName, type Problem, suggestName } from "../problem";
import { builtInTemplates, type Rollout } from "../rollout";
import type { ZoneRolloutsFile } from "../schema/rollouts-schema";
import { valueAt } from "../schema/schema-at";
import { zoneWallsKnown } from "../zone-walls";
import type { ZoneReport } from "./check-zone";
import type { KnownAccounts } from "./known-accounts";
import { isBuiltIn, linkRollout } from "./link-rollout";
import type { RolloutContext } from "./rollout-context";

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
    const administrator = linkAdministrator(zone, value, around, files, report);
    for (const [template, entry] of Object.entries(value.templates)) {
      const ownTemplate = files.rolloutTemplates.find((each) => each.name === template);
      const isKnown = isBuiltIn(template) || files.rolloutTemplateNames.has(template);
      if (!isKnown) report(["templates", template], ...unknownTemplate(template, files), true);
      const at = ["templates", template];
      const context: RolloutContext = {
        ...around,
        zone,
        template,
        entry,
        wallsKnown: zoneWallsKnown(zone.organization, files.byPath, around.problems),
        targetsKnown: !around.problems.some(
          (problem) => problem.file === file.name && /^(ous|waves)\b/.test(below(problem.path, [name, ...at])),
        ),
        zoneHas: (field) => valueAt(zonesFile?.file.value, [name, field]) !== undefined,
        has: (field) => valueAt(file.value, [name, ...at, field]) !== undefined,
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

/** Where the zone's StackSets are kept. */
function linkAdministrator(
  zone: Zone,
  { administrator }: ZoneRolloutsFile,
  { accounts, problems }: RolloutsSurroundings,
  { byPath, rollouts }: CheckedFiles,
  report: ZoneReport,
): Account | undefined {
  const { name, partition, managementAccount, delegatedAdministrator } = zone.organization;
  if (!hasServiceManagedStackSets(partition)) {
    const message = `is a zone of partition ${partition}, where StackSets cannot have OUs of an organization as targets`;
    report([], message, "delete the entry: AWS does not offer it there", true);
    return undefined;
  }
  const isGiven = valueAt(rollouts?.file.value, [zone.name, "administrator"]) !== undefined;
  const at = isGiven ? ["administrator"] : [];
  const isDelegated = administrator === "delegated-administrator" || (!isGiven && delegatedAdministrator !== undefined);
  const organizationFile = byPath.get(`organizations/${name}.yaml`)?.name;
  if (isDelegated && delegatedAdministrator === undefined) {
    if (!problems.some(({ file }) => file === organizationFile)) {
      const fix = "add delegatedAdministrator to its file, or choose management-account";
      report(at, `needs a delegated administrator, and organization ${name} has none`, fix);
    }
    return undefined;
  }
  const account = accounts.byName.get((isDelegated ? delegatedAdministrator : undefined) ?? managementAccount);
  if (isDelegated && account?.name === managementAccount) {
    const message = "is kept by the delegated administrator, and that is the management account itself";
    report(at, message, "AWS delegates to another account: choose management-account", !isGiven);
  } else if (account !== undefined && account.status !== "active") {
    const message = `needs account ${account.name} to keep its StackSets, and it is ${account.status}`;
    report(at, message, "wait until the account is active, or choose the other administrator", !isGiven);
  }
  return account;
}

/** `ous.0` for `pci.templates.access-roles.ous.0` below the rollout; empty for what is elsewhere. */
function below(path: string, rollout: readonly string[]): string {
  const above = `${rollout.join(".")}.`;
  return path.startsWith(above) ? path.slice(above.length) : "";
}

function unknownTemplate(name: string, { rolloutTemplateNames }: CheckedFiles): [message: string, fix: string] {
  const known = [...builtInTemplates, ...rolloutTemplateNames];
  const otherwise = `templates are ${listNames(known)}; for one of your own add rollouts/${name}.yaml.hbs`;
  return ["is neither a template of orgkeys nor a file of the map", suggestName(name, known, otherwise)];
}

/** A file that nobody reads is worse than an error. */
function unusedTemplates(
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
