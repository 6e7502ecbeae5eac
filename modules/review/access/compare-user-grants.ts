import type { StackUserGrant } from "../../access/synthesized-stack";
import { parseKeyBehindAlias } from "../../aws/key-behind-alias";
import type { ComparedChange } from "../comparer";
import type { ReviewContext } from "../review-context";
import type { PairedStack, StackPair } from "../stack-pair";
import { placesOfAccount } from "./access-place";
import { grantName } from "./access-rows";
import { compareGrant, type GrantOf, pairGrants } from "./compare-grant";
import { explainedLookups } from "./lookup-addresses";

/** Grants that an account makes on keys of other accounts: who is outside, the key's zone says. */
export function compareUserGrants(pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { before, after } = pair;
  return pairGrants(before?.userGrants ?? [], after?.userGrants ?? []).flatMap(({ was, is }) => {
    const grant = is ?? was;
    if (grant === undefined) return [];
    // On another key it is another grant.
    if (was !== undefined && is !== undefined && was.keyArn !== is.keyArn) {
      return [...compared(was, undefined, pair, context), ...compared(undefined, is, pair, context)];
    }
    return compared(was, is, pair, context);
  });
}

function compared(
  was: StackUserGrant | undefined,
  is: StackUserGrant | undefined,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const { id = "", keyArn = "" } = is ?? was ?? {};
  const { region = "", accountId = "", alias = keyArn } = parseKeyBehindAlias(keyArn) ?? {};
  return compareGrant(
    was === undefined ? undefined : grantOf(was, pair.before),
    is === undefined ? undefined : grantOf(is, pair.after),
    {
      address: `aws_kms_grant.${id}`,
      resource: alias,
      regions: [region],
      key: { key: alias, region, zone: context.zones.ofAccount(accountId)?.name },
      places: placesOfAccount(accountId, region, context),
      noteOf: () => "",
      explains: explainedLookups(pair, [keyArn]),
    },
    pair,
    context,
  );
}

function grantOf(grant: StackUserGrant, stack: PairedStack | undefined): GrantOf {
  return { grant, name: grantName(grant, undefined), until: stack?.metadata.userGrants.get(grant.id)?.expires };
}
