import type { LiveKey, LiveRegion } from "../../live/live-account";
import { daysLeft } from "../days-left";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyPair } from "../match/match-keys";
import { keyPlace } from "./key-place";

/**
 * Whether a key can be used as reviewed, and will be tomorrow. A state that nobody here knows is one in which it cannot.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 *
 * @param primary of a replica, where it was found
 */
export function compareKeyState(
  { reviewed, live }: KeyPair,
  primary: KeyPair | undefined,
  regionOfKey: LiveRegion | undefined,
  context: DriftContext,
): Drift[] {
  const found = differenceOf({ reviewed, live }, primary?.live, regionOfKey, context);
  if (found === undefined) return [];
  const [id, why] = found;
  return [{ id, place: keyPlace(reviewed, context), detail: [], why, subject: { reviewedKey: reviewed, key: live } }];
}

function differenceOf(
  { reviewed: { enabled, imported }, live }: Pick<KeyPair, "reviewed" | "live">,
  primary: LiveKey | undefined,
  region: LiveRegion | undefined,
  context: DriftContext,
): readonly [Drift["id"], string] | undefined {
  switch (live.state) {
    case "Enabled":
      return enabled ? undefined : ["key-enabled", `key ${live.keyId} is enabled, reviewed is disabled`];
    case "Disabled":
      return enabled
        ? ["key-disabled", `key ${live.keyId} is disabled, reviewed is enabled: nobody can use it`]
        : undefined;
    case "PendingDeletion":
    case "PendingReplicaDeletion":
      return ["key-pending-deletion", pendingDeletion(live, context)];
    case "PendingImport":
      // That the reviewed key has no such state is a difference of kind.
      return imported ? pendingImport(live, primary, enabled) : undefined;
    case "Unavailable":
      if (!enabled || isOfClosedStore(live, region)) return undefined;
      return ["key-unavailable", `key ${live.keyId} is unavailable: its custom key store does not answer`];
    default:
      return ["key-unavailable", `key ${live.keyId} is in state ${live.state}, reviewed is ${wordFor(enabled)}`];
  }
}

/** `key … is to be deleted in 6 days, on 2026-11-29; …` */
export function pendingDeletion({ keyId, state, deletedAt, multiRegion }: LiveKey, { now }: DriftContext): string {
  const lost =
    multiRegion?.kind === "replica"
      ? "what is encrypted under it is then readable with its primary alone"
      : "what is encrypted under it is lost then";
  if (deletedAt === undefined) {
    return state === "PendingReplicaDeletion"
      ? `key ${keyId} is to be deleted: AWS begins to count its days when it has deleted the last replica; ${lost}`
      : `key ${keyId} is to be deleted, on a day that AWS does not tell; ${lost}`;
  }
  return `key ${keyId} is to be deleted ${inDays(deletedAt, now)}, on ${deletedAt.slice(0, 10)}; ${lost}`;
}

function inDays(instant: string, now: string): string {
  const days = daysLeft(instant, now);
  return days === 0 ? "within a day" : `in ${days} ${days === 1 ? "day" : "days"}`;
}

/** A replica waits by itself: each Region gets the material of its own. */
function pendingImport(live: LiveKey, primary: LiveKey | undefined, enabled: boolean): readonly [Drift["id"], string] {
  const lacks = enabled
    ? "nobody can use it"
    : "reviewed is disabled, and without that material nothing under it is ever read again";
  if (primary !== undefined && (primary.state === "Enabled" || primary.state === "Disabled")) {
    return [
      "replica-out-of-parity",
      `replica ${live.keyId} waits for the material that its primary in ${primary.multiRegion?.primaryRegion} has: ${lacks}`,
    ];
  }
  return ["key-pending-import", `key ${live.keyId} waits for its material: ${lacks}`];
}

/** The store's own finding says why its keys are unavailable. */
function isOfClosedStore({ keyStoreId }: LiveKey, region: LiveRegion | undefined): boolean {
  const stores = region?.keyStores;
  return (
    stores !== undefined &&
    "value" in stores &&
    stores.value.some(({ id, connectionState }) => id === keyStoreId && connectionState !== "CONNECTED")
  );
}

function wordFor(enabled: boolean): string {
  return enabled ? "enabled" : "disabled";
}
