import type { Account } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import { isAtOrBelow } from "./rollout-targets";
import { isManagementAccount } from "./zone-accounts";

/**
 * Whether a rollout is meant for an account of its zone, whatever the account's status. No wave can name the root: what gets
 * stacks of Terraform's own directly below it is meant unless it is left out by name.
 *
 * @param direct whether it gets such stacks
 */
export function isMeantFor(
  { zone, waves, excluded }: Rollout,
  account: Account,
  direct = isManagementAccount(account),
): boolean {
  const { name, ouPath } = account;
  if (account.zone !== zone || excluded.some((each) => each.name === name)) return false;
  if (direct && ouPath === "") return true;
  return waves.some(({ ous }) => ous === undefined || isAtOrBelow(ouPath, new Set(ous.map(({ path }) => path))));
}
