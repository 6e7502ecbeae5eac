import { ousAbove } from "./link/known-accounts";
import type { Account } from "./organization-map";
import type { Rollout } from "./rollout";

/**
 * Whether a rollout is meant for an account of its zone, whatever the account's status. No wave can name the root: what gets
 * stacks of Terraform's own directly below it is meant unless it is left out by name.
 *
 * @param direct whether it gets such stacks
 */
export function isMeantFor(
  { zone, waves, excluded }: Rollout,
  account: Account,
  direct = account.name === account.organization.managementAccount,
): boolean {
  const { name, ouPath } = account;
  if (account.zone !== zone || excluded.some((each) => each.name === name)) return false;
  if (direct && ouPath === "") return true;
  const above = new Set(ousAbove(ouPath));
  return waves.some(({ ous }) => ous === undefined || ous.some(({ path }) => above.has(path)));
}
