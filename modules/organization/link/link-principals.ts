import type { MapPath } from "../map-file";
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
  const stranger = resolved.principals.find(
    ({ account: own }) => own.zone !== account.zone && own.zone !== UNKNOWN_ZONE && account.zone !== UNKNOWN_ZONE,
  );
  if (stranger !== undefined) {
    const message = `is in zone ${stranger.account.zone} (account ${stranger.account.name}), and this key is in zone ${account.zone}`;
    context.report(at, message, "zones are independent key domains: use a key of the principal's own zone");
    return undefined;
  }
  return resolved.principals;
}
