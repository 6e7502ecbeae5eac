import type { LiveRegion } from "../live/live-account";
import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";
import type { KeyMatches } from "./match-keys";

/** Keys and aliases that no reviewed JSON has, and what their policies and grants let people from outside the zone do. */
export function findUnmanaged(_regions: readonly LiveRegion[], _matches: KeyMatches, _context: DriftContext): Drift[] {
  return [];
}
