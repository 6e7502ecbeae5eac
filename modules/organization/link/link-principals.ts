import { uniqueNames } from "../../aws/name-order";
import type { MapPath } from "../map-file";
import type { Account } from "../organization-map";
import { listNames } from "../problem";
import type { AccountStatus } from "../schema/organization-schema";
import type { Principal } from "../workload";
import { UNKNOWN_ZONE } from "./known-accounts";
import { resolvePrincipal } from "./principal";
import type { EnvironmentContext } from "./workload-context";

/**
 * The principals that a text names, all of them in the zone of the key.
 *
 * @param at the text's own path
 * @returns undefined when there are none to go on with; whatever is wrong has been reported
 */
export function linkPrincipals(
  text: string,
  status: AccountStatus,
  at: MapPath,
  context: EnvironmentContext,
): readonly Principal[] | undefined {
  const { account } = context;
  const resolved = resolvePrincipal(text, { account, accounts: context.known.accounts, status });
  if ("unknown" in resolved) return undefined;
  if ("message" in resolved) {
    context.report(at, resolved.message, resolved.fix);
    return undefined;
  }
  const strangers = resolved.principals
    .map(({ account: own }) => own)
    .filter(({ zone }) => zone !== account.zone && zone !== UNKNOWN_ZONE && account.zone !== UNKNOWN_ZONE);
  if (strangers.length > 0) {
    const isOutside = strangers.length === resolved.principals.length;
    const message = `${zonesOf(strangers, isOutside)}, and this key is in zone ${account.zone}`;
    const fix = isOutside
      ? "use a key of the principal's own zone"
      : `name the OUs and accounts of zone ${account.zone} alone`;
    context.report(at, message, `zones are independent key domains: ${fix}`);
    return undefined;
  }
  return resolved.principals;
}

/** An OU may be in several zones, each with accounts of its own. */
function zonesOf(accounts: readonly Account[], isOutside: boolean): string {
  const places = uniqueNames(accounts.map(({ zone }) => zone)).map(
    (zone) => `zone ${zone} (${listAccounts(accounts.filter((account) => account.zone === zone))})`,
  );
  return `${isOutside ? "is in" : "reaches into"} ${places.join(" and ")}`;
}

/** `account shop-prod`, `accounts billing-prod, shop-prod`. */
export function listAccounts(accounts: readonly Account[]): string {
  return `account${accounts.length === 1 ? "" : "s"} ${listNames(
    accounts.map(({ name }) => name),
    6,
  )}`;
}
