import { nameOrder } from "../aws/name-order";
import type { Account } from "../organization/organization-map";
import type { PlannedStackSet, RolloutPlans } from "./rollout-plan";

/** One stack of a StackSet that has to be there. */
export interface ExpectedInstance {
  /** In CloudFormation: `orgkeys-pci-access-roles-prod`. */
  readonly stackSet: string;
  readonly accountId: string;
  readonly region: string;
  /** The account's name in the map. */
  readonly account: string;
}

/**
 * Where every StackSet has to have an instance, sorted: in each active account that it reaches, the ones left out inside of the
 * template included, in each of its Regions. Direct stacks are Terraform's own, which plans them one by one.
 */
export function expectedInstances({ zones }: RolloutPlans): ExpectedInstance[] {
  return zones
    .flatMap(({ stackSets }) =>
      stackSets.flatMap((stackSet) =>
        accountsWithInstances(stackSet).flatMap(({ id, name: account }) =>
          stackSet.regions.map((region) => ({ stackSet: stackSet.name, accountId: id, region, account })),
        ),
      ),
    )
    .sort(
      (a, b) =>
        nameOrder(a.stackSet, b.stackSet) || nameOrder(a.accountId, b.accountId) || nameOrder(a.region, b.region),
    );
}

/** By the names of StackSets: ids of accounts that may have an instance of it, and need none. */
export type MappedStackSets = ReadonlyMap<string, ReadonlySet<string>>;

/** Every StackSet of the map. A suspended account keeps the instance that it has, and one that is pending may have come since. */
export function mappedStackSets({ zones }: RolloutPlans, accounts: readonly Account[]): MappedStackSets {
  return new Map(
    zones.flatMap(({ zone, stackSets }) => {
      const waiting = accounts.filter((account) => account.zone === zone.name && account.status !== "active");
      const ids = new Set(waiting.map(({ id }) => id));
      return stackSets.map(({ name }) => [name, ids] as const);
    }),
  );
}

/** Also where nothing is in the instance. */
export function accountsWithInstances({ reaches, leavesEmpty }: PlannedStackSet): readonly Account[] {
  return [...reaches, ...leavesEmpty];
}
