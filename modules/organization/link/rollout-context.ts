import type { MapPath } from "../map-file";
import type { Account, DataClass, Zone } from "../organization-map";
import type { RolloutFile } from "../schema/rollouts-schema";
import type { KnownAccounts } from "./known-accounts";

/** What one rollout is held against. */
export interface RolloutContext {
  readonly zone: Zone;
  /** Every zone by name. */
  readonly zones: ReadonlyMap<string, Zone>;
  readonly accounts: KnownAccounts;
  /** Undefined when some of them could not be read. */
  readonly dataClasses: readonly DataClass[] | undefined;
  /** `access-roles`, or the name of one of the map's own. */
  readonly template: string;
  readonly entry: RolloutFile;
  /** False when something is wrong with what zones own, so that nothing can be said about whose an OU is. */
  readonly wallsKnown: boolean;
  /** False when something is wrong with the rollout's own OUs or waves, so that nobody can say whom it does not reach. */
  readonly targetsKnown: boolean;
  /** Whether zones.yaml says this of the zone, right or wrong. */
  zoneHas(field: "keyManagementAccount" | "pipelines"): boolean;
  /** Whether the file has this field, right or wrong: a part with a mistake is a part all the same. */
  has(field: keyof RolloutFile): boolean;
  /** Notes a problem at a path below the rollout. */
  report(path: MapPath, message: string, fix: string, atKey?: boolean): void;
}

/** Accounts of the zone that StackSets can reach: the management account they never do. */
export function reachableAccounts({ zone, accounts }: RolloutContext): Account[] {
  return zone.accounts
    .filter((name) => name !== zone.organization.managementAccount)
    .flatMap((name) => accounts.byName.get(name) ?? []);
}
