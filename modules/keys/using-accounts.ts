import { nameOrder } from "../aws/name-order";
import type { UsingAccount } from "../policies/using-account";
import { consumersOf, looksUp } from "./key-consumers";
import type { KeyCandidate } from "./key-identity";
import type { PlannedUserGrant } from "./key-plan";
import type { PlanOptions } from "./plan-problem";
import { deployRoleOf } from "./plan-user-grants";

/**
 * The accounts whose own stacks look a key up, or grant it.
 *
 * @param region the key's or the replica's
 * @param userGrants on this key
 */
export function usingAccountsOf(
  candidate: KeyCandidate,
  region: string,
  userGrants: readonly PlannedUserGrant[],
  options: PlanOptions,
): UsingAccount[] {
  const byDeployRole = new Map<string, UsingAccount>();
  for (const { retiring, grantee, operations, constraint, ...grant } of userGrants) {
    if (grant.region !== region || grant.status === "held") continue;
    const before = byDeployRole.get(retiring)?.grants ?? [];
    byDeployRole.set(retiring, { deployRole: retiring, grants: [...before, { grantee, operations, constraint }] });
  }
  for (const consumer of consumersOf(candidate, options)) {
    if (!looksUp(consumer, region, candidate)) continue;
    const deployRole = deployRoleOf(consumer.principal.account);
    if (!byDeployRole.has(deployRole)) byDeployRole.set(deployRole, { deployRole, grants: [] });
  }
  return [...byDeployRole.values()].sort((a, b) => nameOrder(a.deployRole, b.deployRole));
}
