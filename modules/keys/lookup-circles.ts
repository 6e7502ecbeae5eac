import { alg, Graph } from "@dagrejs/graphlib";
import { nameOrder, uniqueNames } from "../aws/name-order";
import type { Finding } from "../findings/finding";
import { consumersOf, looksUp } from "./key-consumers";
import type { KeyCandidate } from "./key-identity";
import type { PlannedUserGrant } from "./key-plan";
import { livingRegionsOf } from "./key-regions";
import type { PlanOptions } from "./plan-problem";

/** An account whose stack cannot be planned before another account's key is there. */
interface Lookup {
  readonly account: string;
  readonly owner: string;
  /** `alias/loans` */
  readonly alias: string;
  /** The place in the map. */
  readonly source: string;
}

/**
 * Accounts that look up each other's keys, all in a circle: there is no order in which their stacks could be planned and applied.
 *
 * @param userGrants those that using accounts make
 */
export function lookupCircles(
  candidates: readonly KeyCandidate[],
  userGrants: readonly PlannedUserGrant[],
  options: PlanOptions,
): Finding[] {
  const lookups = [
    ...candidates.flatMap((candidate) => lookupsOf(candidate, options)),
    ...userGrants.flatMap(lookupOf),
  ];
  const graph = new Graph();
  for (const { account, owner } of lookups) graph.setEdge(account, owner);
  return alg
    .tarjan(graph)
    .filter(({ length }) => length > 1)
    .map((circle): Finding => {
      const accounts = [...circle].sort(nameOrder);
      const inside = lookups.filter(({ account, owner }) => circle.includes(account) && circle.includes(owner));
      const ways = uniqueNames(inside.map(({ account, owner, alias }) => `${account} looks up ${alias} of ${owner}`));
      return {
        id: "lookup-circle",
        severity: "high",
        where: `accounts ${accounts.join(", ")}`,
        why: `${ways.join(", ")}: none of these stacks can be planned before the others are applied (${uniqueNames(inside.map(({ source }) => source)).join(", ")})`,
        whatToDo:
          "name one of these keys by its alias (`by: alias`, or `consumers: alias` of the zone), which looks nothing up; keep a key that another account has to grant in a third account",
      };
    })
    .sort((a, b) => nameOrder(a.where, b.where));
}

function lookupsOf(candidate: KeyCandidate, options: PlanOptions): Lookup[] {
  const { owner, alias } = candidate;
  const regions = livingRegionsOf(candidate);
  return consumersOf(candidate, options)
    .filter((consumer) => regions.some((region) => looksUp(consumer, region, candidate)))
    .map(({ principal: { account }, member: { environment } }) => ({
      account: account.name,
      owner: owner.name,
      alias,
      source: environment.source,
    }));
}

function lookupOf({ account, status, key, sources }: PlannedUserGrant): Lookup[] {
  if (status !== "planned" || account === key.account) return [];
  return [{ account, owner: key.account, alias: key.alias, source: sources[0] ?? "" }];
}
