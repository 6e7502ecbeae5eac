import { isMeantFor } from "./meant-accounts";
import type { Account, OrganizationMap } from "./organization-map";

/**
 * The accounts of a zone in which people make the deploy and audit roles although a rollout brings them to the others: those
 * that it leaves out or does not go to, and those that StackSets are kept in, where the roles have to be there before
 * StackSets are. The management account is none of them: no service control policy reaches it.
 *
 * @returns undefined for a zone without such a rollout
 */
export function rolesByHand(
  zone: string,
  { accounts, rollouts }: Pick<OrganizationMap, "accounts" | "rollouts">,
): readonly Account[] | undefined {
  const rollout = rollouts.find((each) => each.zone === zone && each.template === "access-roles");
  if (rollout === undefined) return undefined;
  const administrators = new Set(rollouts.map(({ administrator }) => administrator.name));
  return accounts.filter(
    (account) =>
      account.zone === zone &&
      account.name !== account.organization.managementAccount &&
      (administrators.has(account.name) || !isMeantFor(rollout, account)),
  );
}
