import type { Finding } from "../findings/finding";
import { instantOf } from "../findings/instant";
import type { DeclaredUse } from "./key-users";
import type { PlanOptions } from "./plan-problem";

/**
 * Uses whose time is over. They stay in the policies, where their own condition lets nobody in any more: an entry that
 * vanished by the calendar would change what was reviewed.
 */
export function endedUses(uses: readonly DeclaredUse[], { today }: PlanOptions): Finding[] {
  const now = today === undefined ? undefined : instantOf(today);
  if (now === undefined) return [];
  return uses.flatMap(({ declared: { until, source }, principals }): Finding[] => {
    if (until === undefined || until > now) return [];
    const who = principals.map(({ name, account }) => `${name} of ${account.name}`).join(", ");
    return [
      {
        id: "use-ended",
        severity: "low",
        where: source,
        why: `the use by ${who} ended at ${until}: its statements let nobody in any more`,
        whatToDo: "delete it from the map, or set a later until",
      },
    ];
  });
}
