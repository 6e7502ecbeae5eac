import { nameOrder } from "../aws/name-order";
import type { Account, OrganizationMap, Zone } from "../organization/organization-map";
import { stackNamePart } from "../organization/stack-name-part";
import type { KeyPlan, PlannedConsumerPolicy, PlannedKey, PlannedKeyStore, PlannedUserGrant } from "./key-plan";

/** What one account's stack holds. */
export interface AccountPlan {
  /** `commercial.workloads.prod.shop-prod`: an OU is a glob, `commercial.workloads.prod.*`. */
  readonly stack: string;
  readonly account: Account;
  readonly zone: Zone;
  readonly keys: readonly PlannedKey[];
  /** Custom key stores to be made. */
  readonly keyStores: readonly PlannedKeyStore[];
  readonly consumerPolicies: readonly PlannedConsumerPolicy[];
  /** Its grants on keys of other accounts. */
  readonly userGrants: readonly PlannedUserGrant[];
}

/** The stacks of a plan, by name. An account that needs nothing, or that is pending or suspended, has none. */
export function accountPlans(map: OrganizationMap, plan: KeyPlan): AccountPlan[] {
  const zones = new Map(map.zones.map((zone) => [zone.name, zone]));
  const keys = byAccount(plan.keys);
  const keyStores = byAccount(plan.keyStores);
  const consumerPolicies = byAccount(plan.consumerPolicies);
  const userGrants = byAccount(plan.userGrants);
  return map.accounts
    .flatMap((account): AccountPlan[] => {
      const zone = zones.get(account.zone);
      const own = {
        keys: keys.get(account.name) ?? [],
        keyStores: keyStores.get(account.name) ?? [],
        consumerPolicies: consumerPolicies.get(account.name) ?? [],
        userGrants: userGrants.get(account.name) ?? [],
      };
      if (zone === undefined || Object.values(own).every((entries) => entries.length === 0)) return [];
      return [{ stack: stackName(account), account, zone, ...own }];
    })
    .sort((a, b) => nameOrder(a.stack, b.stack));
}

function stackName(account: Account): string {
  const ou = account.ouPath === "" ? [] : [stackNamePart(account.ouPath)];
  return [account.organization.name, ...ou, account.name].join(".");
}

/** What is held stays out of every stack. */
function byAccount<Planned extends PlannedKey | PlannedKeyStore | PlannedConsumerPolicy | PlannedUserGrant>(
  planned: readonly Planned[],
): Map<string, Planned[]> {
  const grouped = new Map<string, Planned[]>();
  for (const entry of planned) {
    if (entry.status === "held") continue;
    const own = grouped.get(entry.account);
    if (own === undefined) grouped.set(entry.account, [entry]);
    else own.push(entry);
  }
  return grouped;
}
