import type { LiveRotation } from "../../live/live-account";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyPair } from "../match/match-keys";
import type { ReviewedRotation } from "../reviewed/reviewed-key";
import { keyPlace } from "./key-place";

/** What AWS rotates by where nobody says another period. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html */
const usualDays = 365;

/**
 * Automatic rotation, which a key and its replicas share, and which is the primary's to set.
 *
 * Of a key that waits for its deletion AWS says that rotation is off, whatever it was:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
 */
export function compareRotation({ reviewed, live }: KeyPair, context: DriftContext): Drift[] {
  const { rotation: wanted } = reviewed;
  if (wanted === undefined || /^Pending(Replica)?Deletion$/.test(live.state)) return [];
  if ("unread" in live.rotation || live.rotation.value === undefined) return [];
  const found = differenceOf(wanted, live.rotation.value);
  if (found === undefined) return [];
  const [id, why] = found;
  return [{ id, place: keyPlace(reviewed, context), detail: [], why, subject: { reviewedKey: reviewed, key: live } }];
}

function differenceOf(wanted: ReviewedRotation, found: LiveRotation): readonly [Drift["id"], string] | undefined {
  const wantedDays = wanted.periodDays ?? usualDays;
  if (wanted.enabled && !found.enabled)
    return ["rotation-off", `rotation is off, reviewed is every ${wantedDays} days`];
  const foundDays = found.periodDays ?? usualDays;
  if (!wanted.enabled)
    return found.enabled ? ["rotation-on", `rotation is every ${foundDays} days, reviewed is off`] : undefined;
  return foundDays === wantedDays
    ? undefined
    : ["rotation-period", `rotation is every ${foundDays} days, reviewed is every ${wantedDays} days`];
}
