import type { GateRule } from "../gate-rule";
import { isKeyOrReplica } from "../resource-types";

const argument = "deletion_window_in_days";

/**
 * AWS keeps no window of a key: the provider passes it on when it deletes one. A key that was just taken over has none in the state,
 * and gets what the JSON says with the next apply. Nobody knows one that this would shorten, so it may not be below the zone's floor.
 */
export const rule: GateRule = {
  id: "deletion-window-shortened",
  severity: "high",
  requirement: "No plan shortens the time that AWS waits before it deletes a key.",
  reason: "Within the window a deletion can be cancelled; after it all data under the key is gone for good.",
  fix: "put back deletionWindowDays, or the floor of the zone",
  allowedBy: "command line",
  inStack: ({ changes, zone }) =>
    changes
      .filter((change) => isKeyOrReplica(change) && change.action === "update")
      .flatMap(({ address, before: { [argument]: from }, after: { [argument]: to }, isUnknown }) => {
        const least = typeof from === "number" ? from : zone?.floor.deletionWindowDays;
        // Without one AWS takes the longest that there is, which is as before.
        const staysUnset = typeof from !== "number" && !isUnknown(argument) && (to === undefined || to === null);
        if (least === undefined || staysUnset) return [];
        const isShorter = isUnknown(argument) || typeof to !== "number" || to < least;
        const what = `its ${argument} goes from ${typeof from === "number" ? from : "none"} to ${String(to ?? "what AWS takes")}`;
        const floor = typeof from === "number" ? "" : `, and its zone asks for ${least}`;
        return isShorter ? [{ address, why: `${what}${floor}` }] : [];
      }),
};
