import type { GateRule } from "../gate-rule";
import { keyTypes, replicaTypes } from "../resource-types";

const argument = "deletion_window_in_days";

/** AWS keeps no window of a key: the provider passes it on when it deletes one, and a key that is taken over has none before. */
export const rule: GateRule = {
  id: "deletion-window-shortened",
  severity: "high",
  requirement: "No plan shortens the time that AWS waits before it deletes a key.",
  reason: "Within the window a deletion can be cancelled; after it all data under the key is gone for good.",
  fix: "put back deletionWindowDays, or the floor of the zone",
  allowedBy: "command line",
  inStack: ({ changes }) =>
    changes
      .filter(({ type, action }) => (keyTypes.has(type) || replicaTypes.has(type)) && action === "update")
      .flatMap(({ address, before: { [argument]: from }, after: { [argument]: to }, isUnknown }) => {
        if (typeof from !== "number") return [];
        const isShorter = isUnknown(argument) || typeof to !== "number" || to < from;
        return isShorter
          ? [{ address, why: `its ${argument} goes from ${from} to ${String(to ?? "what AWS takes")}` }]
          : [];
      }),
};
