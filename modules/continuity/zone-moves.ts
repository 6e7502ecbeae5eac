import type { ContinuityRules } from "./continuity-rules";
import { lifecycleLines } from "./lifecycle-lines";
import type { Refusal } from "./refusal";
import type { StackRecord } from "./stack-record";

/**
 * Accounts that are in another zone now and would take their keys with them: what one zone encrypted would be under a key of
 * the other, without a word in any plan but a policy's.
 *
 * @param zonesBefore the zones of the last output, asked for only where a zone's name is new
 */
export function zoneMoves(
  pairs: readonly (readonly [before: StackRecord, after: StackRecord])[],
  rules: ContinuityRules,
  zonesBefore: () => ReadonlySet<string>,
): Refusal[] {
  const moved = pairs.filter(([before, after]) => before.zone !== after.zone);
  return moved.flatMap(([before, after]): Refusal[] => {
    const keys = [...before.keys.values()].filter(({ address, kind }) => kind === "key" && after.keys.has(address));
    if (keys.length === 0 || isRenamed(before.zone, after.zone, moved, rules, zonesBefore)) return [];
    return [
      {
        id: "zone-moved",
        severity: "critical",
        where: before.account,
        why: `is in zone ${before.zone} and would be in zone ${after.zone}, with its keys ${keys.map(({ id }) => id).join(", ")}: those who manage and use them would be others, and what zone ${before.zone} encrypted would be in zone ${after.zone}`,
        sources: [`zones.yaml ${before.zone}`],
        whatToDo: `put ${rules.zones.has(before.zone) ? `its OU back into zone ${before.zone}` : `zone ${before.zone} back, with its OU`}; to move it all the same, each key is replaced by one of zone ${after.zone}, its data is encrypted anew, and the old key is handed over (docs/lifecycle.md#move-to-another-zone)`,
        lines: keys.flatMap((key) =>
          lifecycleLines(before, key, "replaced: DAY", "handOver: {to: WHO-KEEPS-THE-OLD-KEY, day: DAY}"),
        ),
      },
    ];
  });
}

/** A zone under a new name: the old name is nowhere in the map, all of it went to the new one, and nobody was there. */
function isRenamed(
  from: string,
  to: string,
  moved: readonly (readonly [before: StackRecord, after: StackRecord])[],
  rules: ContinuityRules,
  zonesBefore: () => ReadonlySet<string>,
): boolean {
  const others = moved.filter(([before, after]) => (after.zone === to) !== (before.zone === from));
  return !rules.zones.has(from) && others.length === 0 && !zonesBefore().has(to);
}
