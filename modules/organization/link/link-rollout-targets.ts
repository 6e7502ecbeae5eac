import { nameOrder } from "../../aws/name-order";
import type { MapPath } from "../map-file";
import type { Account, OrganizationalUnit } from "../organization-map";
import { listNames, suggestName } from "../problem";
import type { RolloutWave } from "../rollout";
import { UNKNOWN_ZONE } from "./known-accounts";
import { isAtOrBelow, ouStanding } from "./ou-standing";
import { type RolloutContext, reachableAccounts } from "./rollout-context";

/** One OU of a rollout at its place in the file. */
interface Target {
  readonly ouPath: string;
  readonly at: MapPath;
  /** `wave prod`, or `this rollout`. */
  readonly of: string;
}

/** Resolves whom a rollout goes to, in which waves, and holds its OUs against the zone's wall. */
export function linkRolloutTargets(context: RolloutContext): {
  waves: readonly RolloutWave[];
  excluded: readonly Account[];
} {
  const { entry, has, report } = context;
  const isBoth = has("ous") && has("waves");
  if (isBoth) report(["ous"], "contradicts waves, which name their OUs themselves", "keep one of the two", true);
  const names = (entry.waves ?? []).map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    report(["waves", index, "name"], "is already the name of another wave", "give each wave a name of its own");
  }
  if (has("canary") && (!has("waves") || (context.targetsKnown && entry.waves?.length === 1))) {
    const message = "means nothing with less than two waves: the first of them is the canary";
    report(["canary"], message, "leave it out, or cut the rollout into waves", true);
  }
  const targets = targetsOf(context);
  for (const target of targets) checkTarget(target, context);
  if (!isBoth) checkNesting(targets, context);
  const ousOf = (paths: readonly string[] | undefined): OrganizationalUnit[] | undefined =>
    paths?.flatMap((path) => context.zone.organization.organizationalUnits.find((ou) => ou.path === path) ?? []);
  return {
    waves: entry.waves?.map(({ name, ous }) => ({ name, ous: ousOf(ous) })) ?? [
      { name: undefined, ous: ousOf(entry.ous) },
    ],
    excluded: linkExcluded(targets, context),
  };
}

function targetsOf({ entry }: RolloutContext): Target[] {
  const ofRollout = (entry.ous ?? []).map((ouPath, index) => ({ ouPath, at: ["ous", index], of: "this rollout" }));
  const ofWaves = (entry.waves ?? []).flatMap(({ name, ous }, wave) =>
    ous.map((ouPath, index) => ({ ouPath, at: ["waves", wave, "ous", index], of: `wave ${name}` })),
  );
  return [...ofRollout, ...ofWaves];
}

/** StackSets go to an OU with everything below, whichever zone that is: nothing of another zone may be in it. */
function checkTarget({ ouPath, at }: Target, { zone, zones, wallsKnown, report }: RolloutContext): void {
  if (!wallsKnown) return;
  const { name, organizationalUnits } = zone.organization;
  const paths = organizationalUnits.map(({ path }) => path);
  if (!paths.includes(ouPath)) {
    report(at, `is not an OU of organization ${name}`, suggestName(ouPath, paths, `OU paths are ${listNames(paths)}`));
    return;
  }
  const standing = ouStanding(ouPath, zone, zones.values());
  const own = `name OUs of zone ${zone.name} alone, or leave ous out for all that it has`;
  if (standing.kind === "foreign") {
    report(at, `is in zone ${standing.zone}, not in zone ${zone.name}`, own);
  } else if (standing.kind === "breach") {
    report(at, `reaches zone ${standing.zone} through ${standing.through}`, own);
  } else if (standing.kind === "unclaimed") {
    report(at, `is not all of zone ${zone.name}: who joins it tomorrow is in no zone`, own);
  }
}

/** An account gets a template once, and in one wave. */
function checkNesting(targets: readonly Target[], { report }: RolloutContext): void {
  for (const [index, { ouPath, at, of }] of targets.entries()) {
    const other = targets
      .slice(0, index)
      .find((each) => isAtOrBelow(ouPath, each.ouPath) || isAtOrBelow(each.ouPath, ouPath));
    // What stands in one list twice, the schema has refused.
    if (other === undefined || (other.ouPath === ouPath && other.of === of)) continue;
    const message =
      other.ouPath === ouPath
        ? `is in ${other.of} already`
        : isAtOrBelow(ouPath, other.ouPath)
          ? `is below OU ${other.ouPath}, which ${other.of} goes to with everything below`
          : `has OU ${other.ouPath} below it, which ${other.of} goes to already`;
    report(at, message, "each account gets a rollout once: take one of the two out");
  }
}

function linkExcluded(targets: readonly Target[], context: RolloutContext): Account[] {
  const { entry, zone, accounts, has, report } = context;
  const names = entry.excludeAccounts ?? [];
  const ouPaths = new Set(zone.organization.organizationalUnits.map(({ path }) => path));
  const reachKnown =
    context.wallsKnown && context.targetsKnown && targets.every((target) => ouPaths.has(target.ouPath));
  const excluded: Account[] = [];
  const isTarget = ({ ouPath }: Account): boolean =>
    !(has("ous") || has("waves")) || targets.some((target) => isAtOrBelow(ouPath, target.ouPath));
  for (const [index, name] of names.entries()) {
    const at = ["excludeAccounts", index];
    const account = accounts.byName.get(name);
    if (account === undefined) {
      if (!accounts.mayHave(name)) report(at, "is not an account of this map", accounts.suggest(name));
    } else if (account.zone !== zone.name) {
      if (account.zone === UNKNOWN_ZONE) continue;
      report(at, `is in zone ${account.zone}, which this rollout never reaches`, "leave it out");
    } else if (reachKnown && !isTarget(account) && !isDirectlyManaged(account)) {
      report(at, "is in none of the rollout's OUs", "leave it out");
    } else excluded.push(account);
  }
  const reached = reachableAccounts(context).filter(isTarget);
  if (reachKnown && excluded.length > 0 && reached.every((account) => excluded.includes(account))) {
    report(["excludeAccounts"], "leaves out every account that there is", "drop the rollout, or an account here", true);
  }
  return excluded.sort((a, b) => nameOrder(a.name, b.name));
}

/** No wave can name it there, and it gets a stack of Terraform's own unless it is excluded. */
function isDirectlyManaged({ name, ouPath, organization }: Account): boolean {
  return ouPath === "" && name === organization.managementAccount;
}
