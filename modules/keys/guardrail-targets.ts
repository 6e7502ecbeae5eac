import { nameOrder } from "../aws/name-order";
import type { Account, Zone } from "../organization/organization-map";
import type { GuardrailTarget } from "./guardrail-plan";

export interface GuardrailTargets {
  /** Sorted by id. */
  readonly targets: readonly GuardrailTarget[];
  /** Accounts that would be targets of their own, and are pending or suspended. */
  readonly waiting: readonly Account[];
}

/**
 * What a zone's guardrails are attached to. A policy on an OU holds for everything below it, so that an OU with another
 * zone's OU below is left out, and the accounts directly in it are targets of their own. The management account is none:
 * no policy reaches it.
 *
 * Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
 */
export function guardrailTargets({ extent, organization }: Zone, accounts: readonly Account[]): GuardrailTargets {
  const ownPaths = new Set(extent.ownOus.map(({ path }) => path));
  const single = [
    ...accounts.filter((account) => account.organization.name === organization.name && ownPaths.has(account.ouPath)),
    ...extent.accounts,
  ].filter(({ name }) => name !== organization.managementAccount);
  return {
    targets: [
      ...extent.wholeOus.map(({ id, path }) => ({ id, what: `OU ${path} with everything below` })),
      ...single.filter(isActive).map(({ id, name }) => ({ id, what: `account ${name}` })),
    ].sort((a, b) => nameOrder(a.id, b.id)),
    waiting: single.filter((account) => !isActive(account)),
  };
}

function isActive({ status }: Account): boolean {
  return status === "active";
}
