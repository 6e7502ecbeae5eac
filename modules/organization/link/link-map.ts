import { nameOrder } from "../../aws/name-order";
import type { CheckedFiles } from "../check-files";
import type { Account, OrganizationMap } from "../organization-map";
import type { Problem } from "../problem";
import type { Workload } from "../workload";
import { checkBaselineAliases } from "./check-baseline-aliases";
import { checkFormerNames } from "./check-former-names";
import { KnownAccounts } from "./known-accounts";
import { linkDataClasses } from "./link-data-classes";
import { linkDriftIgnores } from "./link-drift-ignores";
import { linkExceptions } from "./link-exceptions";
import { linkLifecycles } from "./link-lifecycles";
import { type LinkedOrganizations, linkOrganizations } from "./link-organizations";
import { linkPipelines } from "./link-pipelines";
import { linkRollouts } from "./link-rollouts";
import { linkWorkload } from "./link-workload";
import { linkZones } from "./link-zones";
import { checkPrincipalStatus } from "./principal-status";
import type { KnownMap } from "./workload-context";

/**
 * Resolves every reference between the files of the map.
 *
 * @param fileProblems what is wrong with the files by themselves
 * @returns the map, to be trusted only when neither these problems nor those of the files themselves are any
 */
export function linkMap(
  files: CheckedFiles,
  fileProblems: readonly Problem[],
): { map: OrganizationMap; problems: Problem[] } {
  const organizations = linkOrganizations(files.organizations);
  const allAccountsNamed =
    files.allOrganizationsRead && [...organizations.names.values()].every((names) => names.complete);
  const { dataClasses, problems: dataClassProblems } = linkDataClasses(files.dataClasses);
  const zones = linkZones(files.zones, {
    organizations,
    allAccountsNamed,
    dataClassNames: files.dataClasses?.names,
    environmentNames: environmentNames(files, organizations),
  });
  const accounts = knownAccounts(zones.accounts, organizations, allAccountsNamed);
  const pipelines = linkPipelines(files.zones, zones.zones, accounts);
  const known: KnownMap = {
    accounts,
    zones: pipelines.zones,
    dataClasses,
    allDataClassesKnown: files.dataClasses !== undefined,
    mentions: [],
  };
  const linked = {
    dataClasses: byName([...dataClasses.values()].filter((each) => each !== undefined)),
    zones: byName([...known.zones.values()]),
  };
  const { workloads, problems: workloadProblems } = linkWorkloads(files, known);
  const { exceptions, problems: exceptionProblems } = linkExceptions(files.exceptions);
  const { lifecycles, problems: lifecycleProblems } = linkLifecycles(files.lifecycles, known.accounts);
  const { driftIgnores, problems: driftProblems } = linkDriftIgnores(files.driftIgnores, {
    accounts,
    zoneNames: files.zones?.names,
  });
  const { rollouts, problems: rolloutProblems } = linkRollouts(files, {
    zones: known.zones,
    accounts,
    dataClasses: allDefined(files.dataClasses === undefined ? [undefined] : [...dataClasses.values()]),
    problems: [...fileProblems, ...organizations.problems, ...zones.problems],
  });
  return {
    map: {
      organizations: byName([...organizations.organizations.values()].filter((each) => each !== undefined)),
      accounts: byName([...zones.accounts.values()]),
      ...linked,
      workloads: byName(workloads),
      exceptions: byName(exceptions),
      lifecycles: byName(lifecycles),
      driftIgnores: byName(driftIgnores),
      rollouts: byName(rollouts),
    },
    problems: [
      ...organizations.problems,
      ...dataClassProblems,
      ...zones.problems,
      ...pipelines.problems,
      ...workloadProblems,
      ...checkBaselineAliases(files.dataClasses, linked),
      ...checkFormerNames(files),
      ...checkPrincipalStatus(known.mentions),
      ...exceptionProblems,
      ...lifecycleProblems,
      ...driftProblems,
      ...rolloutProblems,
    ],
  };
}

function linkWorkloads(files: CheckedFiles, known: KnownMap): { workloads: Workload[]; problems: Problem[] } {
  const workloads: Workload[] = [];
  const problems: Problem[] = [];
  const places = new Map<string, string>();
  for (const { file, entries, names } of files.workloads) {
    for (const name of names) {
      const other = places.get(name);
      if (other !== undefined) {
        const fix = "a workload stands in one file: rename one of the two, or join them";
        problems.push(file.problem([name], `is already a workload in ${other}`, { atKey: true, fix }));
      }
      places.set(name, file.name);
    }
    for (const [name, entry] of entries) {
      const linked = linkWorkload(entry.file, name, entry.value, known);
      problems.push(...linked.problems);
      if (linked.workload !== undefined) workloads.push(linked.workload);
    }
  }
  return { workloads, problems };
}

/** Every environment that an OU or a workload has; undefined when there may be others. */
function environmentNames(files: CheckedFiles, { accounts }: LinkedOrganizations): Set<string> | undefined {
  if (!files.allOrganizationsRead || !files.allWorkloadsRead) return undefined;
  const ofAccounts = [...accounts.values()].flatMap(({ environment }) => environment ?? []);
  const entries = files.workloads.flatMap((file) => [...file.entries.values()]);
  if (entries.length < files.workloads.reduce((sum, file) => sum + file.names.size, 0)) return undefined;
  return new Set([...ofAccounts, ...entries.flatMap(({ value }) => Object.keys(value.environments))]);
}

/** What workloads can say about accounts: nothing about one that has mistakes, or whose name is another's too. */
function knownAccounts(
  accounts: ReadonlyMap<string, Account>,
  { names, ambiguous }: LinkedOrganizations,
  allAccountsNamed: boolean,
): KnownAccounts {
  const certain = new Map([...accounts].filter(([name]) => !ambiguous.has(name)));
  const named = [...names.values()].flatMap((file) => [...file.accounts]);
  const doubtful = new Set(named.filter((name) => !certain.has(name)));
  return new KnownAccounts(certain, doubtful, allAccountsNamed);
}

function allDefined<Item>(items: readonly (Item | undefined)[]): Item[] | undefined {
  const defined = items.filter((item) => item !== undefined);
  return defined.length === items.length ? defined : undefined;
}

function byName<Named extends { readonly name: string }>(items: Named[]): Named[] {
  return items.sort((a, b) => nameOrder(a.name, b.name));
}
