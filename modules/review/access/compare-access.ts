import type { Comparer } from "../comparer";
import { compareConsumerPolicies } from "./compare-consumer-policies";
import { compareKeyAccess, outsidersOfNewKey } from "./compare-key-access";
import { compareUserGrants } from "./compare-user-grants";

/** Who gains and who loses what: key policies, grants, consumer policies and what attaches them. */
export const compareAccess: Comparer = (pair, context) => {
  const { before, after } = pair;
  const former = new Map((before?.keys ?? []).map((key) => [key.address, key]));
  const ofKeys = (after?.keys ?? []).flatMap((key) => {
    const was = former.get(key.address);
    if (after === undefined) return [];
    return before === undefined || was === undefined
      ? outsidersOfNewKey({ key, stack: after }, pair, context)
      : compareKeyAccess({ key: was, stack: before }, { key, stack: after }, pair, context);
  });
  return [...ofKeys, ...compareUserGrants(pair, context), ...compareConsumerPolicies(pair, context)];
};
