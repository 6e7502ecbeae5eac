import type { StackKey } from "../access/synthesized-stack";
import type { ZoneBoundary } from "../access/zone-boundary";
import { kmsLimits } from "../aws/kms-limits";
import { argumentPlace, wholeNumberArgument } from "./evidence/key-argument";
import type { Check } from "./frame/check";

const argument = "deletion_window_in_days";
const { least, most } = kmsLimits.deletionWindowDays;

/** The provider passes the window on when it schedules the deletion. */
export const check: Check = {
  id: "deletion-window",
  kind: "hygiene",
  severity: "high",
  requirement: `Every key and replica says how long AWS waits before it deletes it: as long as its zone asks, ${least} to ${most} days.`,
  reason: "Within the window a deletion can be cancelled; after it all data under the key is gone for good.",
  fix: `set ${argument} to what the zone asks, or to ${most}`,
  inStack: (stack, { zones }) =>
    stack.keys.flatMap((key) => {
      const why = flaw(key, zones.ofAccount(stack.accountId ?? ""));
      if (why === undefined) return [];
      return [{ stack, address: key.address, detail: [argument], why, place: argumentPlace(key, argument) }];
    }),
};

function flaw(key: StackKey, zone: ZoneBoundary | undefined): string | undefined {
  const window = wholeNumberArgument(key, argument);
  if (window.is === "unset") return `has no ${argument}`;
  if (window.is === "unclear") return `its ${argument} is no plain number of days`;
  const days = window.value;
  if (days < least || days > most) return `has a deletion window of ${days} days, and AWS takes ${least} to ${most}`;
  const floor = zone?.floor.deletionWindowDays;
  if (floor === undefined || days >= floor) return undefined;
  return `has a deletion window of ${days} days, and zone ${zone?.name} asks for at least ${floor}`;
}
