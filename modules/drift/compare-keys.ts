import type { LiveRegion } from "../live/live-account";
import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";
import type { KeyMatches } from "./match-keys";
import type { ReviewedKey } from "./reviewed-key";

/** States, rotation, tags and descriptions of keys, their replicas and their aliases; policies and grants have files of their own. */
export function compareKeys(
  _reviewed: readonly ReviewedKey[],
  _regions: readonly LiveRegion[],
  _matches: KeyMatches,
  _context: DriftContext,
): Drift[] {
  return [];
}
