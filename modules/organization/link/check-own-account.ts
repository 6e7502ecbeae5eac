import type { MapPath } from "../map-file";
import type { Account } from "../organization-map";
import type { UseFile } from "../schema/workloads-schema";
import { resolvePrincipal } from "./principal";
import type { WorkloadContext } from "./workload-context";

/**
 * Reports whoever is in another account than the key and is to use it.
 *
 * @param keys which keys, as in `AWS managed keys`
 * @param fix what to use instead
 */
export function checkOwnAccount(
  use: UseFile,
  keys: string,
  fix: string,
  account: Account,
  at: MapPath,
  context: WorkloadContext,
): void {
  const { accounts } = context.known;
  const resolved = resolvePrincipal(use.principal, { account, accounts, status: "active" });
  if (!("principals" in resolved)) return;
  // A principal of another zone is told so already.
  if (resolved.principals.some((principal) => principal.account.zone !== account.zone)) return;
  if (resolved.principals.every((principal) => principal.account.id === account.id)) return;
  const message = `is in another account, and ${keys} cannot be used across accounts`;
  context.report([...at, "principal"], message, fix);
}
