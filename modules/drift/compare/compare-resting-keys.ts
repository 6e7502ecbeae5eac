import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyMatches } from "../match/match-keys";
import { placeIn } from "../place-in";

/**
 * Keys that Terraform let go of are expected as they are, with one exception: those on record as scheduled for deletion, or gone, that
 * wait for no deletion. Somebody cancelled it, or nobody ever scheduled it.
 */
export function compareRestingKeys({ resting }: KeyMatches, context: DriftContext): Drift[] {
  return resting.flatMap(({ resting: key, live }): Drift[] => {
    if (key.step === "handed-over" || /^Pending(Replica)?Deletion$/.test(live.state)) return [];
    const since = key.since === undefined ? "" : ` since ${key.since}`;
    return [
      {
        id: "key-enabled",
        place: placeIn(context, key, key.aliases[0] ?? key.address),
        detail: [`on record as ${key.step}`],
        why: `key ${live.keyId} is on record as ${key.step}${since}, and in AWS it is ${live.state} and waits for no deletion`,
        subject: { key: live },
        whatToDo:
          "schedule its deletion as the break-glass role, or take it over again with adopt (docs/lifecycle.md#cancel)",
      },
    ];
  });
}
