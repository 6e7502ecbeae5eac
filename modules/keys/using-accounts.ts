import { nameOrder } from "../aws/name-order";
import type { Account } from "../organization/organization-map";
import type { ConsumedBy, Principal } from "../organization/workload";
import type { UsingAccount } from "../policies/using-account";
import type { KeyCandidate } from "./key-identity";
import type { PlannedUserGrant } from "./key-plan";
import { usesOf } from "./key-users";
import { grantsOf } from "./plan-grants";
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
  const consumers: { account: Account; by: ConsumedBy; regions?: readonly string[] | undefined }[] = [
    ...usesOf(candidate, []).flatMap(({ principals, declared: { by } }) =>
      principals.map(({ account }) => ({ account, by })),
    ),
    ...grantsOf(candidate, options, [])
      .filter(({ grant: { grantee } }) => !isServiceLinked(grantee))
      .map(({ grant: { grantee, by, regions } }) => ({ account: grantee.account, by, regions })),
  ];
  for (const { account, by, regions } of consumers) {
    if (!looksUp(account, by, region, candidate) || regions?.includes(region) === false) continue;
    const deployRole = deployRoleOf(account);
    if (!byDeployRole.has(deployRole)) byDeployRole.set(deployRole, { deployRole, grants: [] });
  }
  return [...byDeployRole.values()].sort((a, b) => nameOrder(a.deployRole, b.deployRole));
}

/** AWS owns the policies of service-linked roles: nothing can be attached to them. */
export function isServiceLinked({ name }: Principal): boolean {
  return name.startsWith("role/aws-service-role/");
}

/** Whether a consumer policy has the key's ARN: in another account, where the key's Region is enabled, once both are there. */
export function looksUp(account: Account, by: ConsumedBy, region: string, { owner }: KeyCandidate): boolean {
  return (
    by === "arn" &&
    account.id !== owner.id &&
    account.status === "active" &&
    owner.status === "active" &&
    account.regions.includes(region)
  );
}
