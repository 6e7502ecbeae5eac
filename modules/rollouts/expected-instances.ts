import { nameOrder } from "../aws/name-order";
import type { RolloutPlans } from "./rollout-plan";

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
      stackSets.flatMap(({ name, reaches, leavesEmpty, regions }) =>
        [...reaches, ...leavesEmpty].flatMap(({ id, name: account }) =>
          regions.map((region) => ({ stackSet: name, accountId: id, region, account })),
        ),
      ),
    )
    .sort(
      (a, b) =>
        nameOrder(a.stackSet, b.stackSet) || nameOrder(a.accountId, b.accountId) || nameOrder(a.region, b.region),
    );
}
