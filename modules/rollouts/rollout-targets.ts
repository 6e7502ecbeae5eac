import { nameOrder, uniqueNames } from "../aws/name-order";
import { ousAbove } from "../organization/link/known-accounts";
import type { Account, OrganizationalUnit, Zone } from "../organization/organization-map";
import type { RolloutWave } from "../organization/rollout";
import type { StackSetTargets } from "./rollout-plan";
import { isActive, isManagementAccount } from "./zone-accounts";

/** What one wave goes to, in the words of the map. */
export interface WaveReach {
  /** OUs that are the zone's with everything below, of nested ones the topmost alone; sorted by id. */
  readonly ous: readonly OrganizationalUnit[];
  /** OUs that another zone has an OU below: of them only the accounts that the map has. */
  readonly ownOus: readonly OrganizationalUnit[];
  /** The accounts below `ous`, whatever their status, sorted by name. */
  readonly below: readonly Account[];
  /** The accounts that can only be named one by one, whatever their status, sorted by name. */
  readonly single: readonly Account[];
}

/** Targets, and the active accounts of the map that they reach. */
export interface ReachingTargets {
  readonly targets: StackSetTargets;
  /** Sorted by name. */
  readonly reaches: readonly Account[];
  /** The active accounts below the targets that the template leaves out, sorted by name. */
  readonly leftOut: readonly Account[];
}

/**
 * An OU is a target only where everything below it is the zone's, for what joins it tomorrow is reached too. All else that
 * is the zone's are single accounts.
 *
 * @param accounts of the zone, sorted by name
 */
export function waveReach({ extent }: Zone, wave: RolloutWave, accounts: readonly Account[]): WaveReach {
  const wanted = wave.ous === undefined ? undefined : new Set(wave.ous.map(({ path }) => path));
  const isWanted = (path: string): boolean => wanted === undefined || isAtOrBelow(path, wanted);
  const whole = new Set(extent.wholeOus.map(({ path }) => path));
  const ous = topmost([
    ...extent.wholeOus.filter(({ path }) => isWanted(path)),
    ...(wave.ous ?? []).filter(({ path }) => isAtOrBelow(path, whole)),
  ]);
  const reached = new Set(ous.map(({ path }) => path));
  const ownOus = extent.ownOus.filter(({ path }) => isWanted(path));
  const ownPaths = new Set(ownOus.map(({ path }) => path));
  return {
    ous,
    ownOus,
    below: accounts.filter(({ ouPath }) => isAtOrBelow(ouPath, reached)),
    single: [
      ...accounts.filter(({ ouPath }) => ownPaths.has(ouPath)),
      ...extent.accounts.filter(({ ouPath }) => isWanted(ouPath)),
    ].sort((a, b) => nameOrder(a.name, b.name)),
  };
}

/** Whether an OU is one of these or below one. An account directly below the root is below none. */
export function isAtOrBelow(path: string, ous: ReadonlySet<string>): boolean {
  return ousAbove(path).some((above) => ous.has(above));
}

/**
 * The OUs of a wave as targets.
 *
 * @param leftOut names of accounts
 * @returns undefined where the wave has no OU
 */
export function ouTargets({ ous, below }: WaveReach, leftOut: ReadonlySet<string>): ReachingTargets | undefined {
  if (ous.length === 0) return undefined;
  return {
    targets: { ous: ous.map(({ id }) => id), filter: "NONE", accounts: [] },
    reaches: below.filter((account) => canBeReached(account, leftOut)),
    leftOut: below.filter((account) => canBeReached(account, new Set()) && leftOut.has(account.name)),
  };
}

/**
 * Single accounts as targets. They are named below the root: were it their OUs, an account that changes its OU would lose
 * its instance, and the provider would look for that of a removed account in the OUs that are left.
 *
 * @param leftOut names of accounts
 * @returns undefined where none can be reached
 */
export function accountTargets(
  accounts: readonly Account[],
  leftOut: ReadonlySet<string>,
): ReachingTargets | undefined {
  const reaches = accounts.filter((account) => canBeReached(account, leftOut));
  const [first] = reaches;
  if (first === undefined) return undefined;
  const ids = uniqueNames(reaches.map(({ id }) => id));
  return { targets: { ous: [first.organization.rootId], filter: "INTERSECTION", accounts: ids }, reaches, leftOut: [] };
}

function canBeReached(account: Account, leftOut: ReadonlySet<string>): boolean {
  return isActive(account) && !isManagementAccount(account) && !leftOut.has(account.name);
}

function topmost(ous: readonly OrganizationalUnit[]): OrganizationalUnit[] {
  const paths = new Set(ous.map(({ path }) => path));
  const top = ous.filter(
    ({ path }) =>
      !ousAbove(path)
        .slice(1)
        .some((above) => paths.has(above)),
  );
  return [...new Map(top.map((ou) => [ou.id, ou])).values()].sort((a, b) => nameOrder(a.id, b.id));
}
