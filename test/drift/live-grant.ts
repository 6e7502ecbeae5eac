import type { Grant } from "../../modules/access/grant-match";
import type { LiveGrant } from "../../modules/live/live-account";

/** A grant as AWS answers with it, of a role of the key's account. */
export function liveGrant(given: Partial<LiveGrant> = {}): LiveGrant {
  return {
    id: "0c237476b39f8bc44e45212e08498fbe3151305030726c0590dd8d3e9f3d6a60",
    name: "",
    grantee: "arn:aws:iam::310000000001:role/payments-batch",
    retiring: undefined,
    namesService: false,
    sourceArn: undefined,
    issuingAccount: "arn:aws:iam::310000000001:root",
    operations: ["Decrypt"],
    equals: undefined,
    subset: undefined,
    createdAt: "2026-11-02T10:00:00.000Z",
    ...given,
  };
}

/** A reviewed grant as AWS has it once it is applied. */
export function appliedGrant(grant: Grant, given: Partial<LiveGrant> = {}): LiveGrant {
  const { id, name, grantee, retiring, operations, constraint } = grant;
  return liveGrant({
    id: `id-of-${id}`,
    name,
    grantee,
    retiring,
    operations: [...operations].reverse(),
    equals: constraint?.kind === "equals" ? constraint.pairs : undefined,
    subset: constraint?.kind === "subset" ? constraint.pairs : undefined,
    ...given,
  });
}
