import { nameOrder } from "../aws/name-order";
import type { KeyCandidate } from "./key-identity";
import type { PlannedRequests } from "./key-plan";

/**
 * What each account asks of a key, as the map estimates it: environments that share the key and the account are added up, peaks as
 * if they came at the same time.
 */
export function plannedRequests({ members, service }: KeyCandidate): PlannedRequests[] {
  const sums = new Map<string, PlannedRequests>();
  for (const { environment } of members) {
    for (const { perMonth, peakPerSecond, service: ofService } of environment.requests) {
      if (ofService !== service) continue;
      const { id: accountId } = environment.account;
      const before = sums.get(accountId);
      sums.set(accountId, {
        accountId,
        perMonth: (before?.perMonth ?? 0) + perMonth,
        // One peak that nobody knows makes the sum one: reports then take the month's average, and say so.
        peakPerSecond:
          peakPerSecond === undefined || (before !== undefined && before.peakPerSecond === undefined)
            ? undefined
            : (before?.peakPerSecond ?? 0) + peakPerSecond,
      });
    }
  }
  return [...sums.values()].sort((a, b) => nameOrder(a.accountId, b.accountId));
}
