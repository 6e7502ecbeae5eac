import type { GrantListEntry } from "@aws-sdk/client-kms";
import { nameOrder } from "../aws/name-order";
import type { LiveGrant } from "./live-account";
import { known } from "./reading-of";

/**
 * In order of their ids, each once, also where one was made between two pages.
 *
 * @throws Error for what AWS leaves out
 */
export function liveGrants(keyId: string, entries: readonly GrantListEntry[]): readonly LiveGrant[] {
  const grants = entries.map((entry) => liveGrant(keyId, entry));
  return [...new Map(grants.map((grant) => [grant.id, grant])).values()].sort((a, b) => nameOrder(a.id, b.id));
}

function liveGrant(keyId: string, entry: GrantListEntry): LiveGrant {
  const { GranteeServicePrincipal: granteeService, RetiringServicePrincipal: retiringService, Constraints } = entry;
  const id = known(entry.GrantId, `a grant of key ${keyId} without its id`);
  const without = (what: string): string => `grant ${id} of key ${keyId} without its ${what}`;
  return {
    id,
    name: entry.Name ?? "",
    grantee: known(entry.GranteePrincipal ?? granteeService, without("grantee")),
    retiring: entry.RetiringPrincipal ?? retiringService,
    namesService: granteeService !== undefined || retiringService !== undefined,
    sourceArn: Constraints?.SourceArn,
    issuingAccount: entry.IssuingAccount,
    operations: known(entry.Operations, without("operations")),
    equals: Constraints?.EncryptionContextEquals,
    subset: Constraints?.EncryptionContextSubset,
    createdAt: known(entry.CreationDate, without("date of creation")).toISOString(),
  };
}
