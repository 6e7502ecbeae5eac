import type { LiveRegion } from "../live/live-account";
import type { DriftContext } from "./drift-context";
import type { KeyMatches } from "./match-keys";

/** How much of what is in AWS reviewed JSON has. */
export interface Coverage {
  readonly keys: Covered;
  readonly aliases: Covered;
  /** Without those that AWS services made for themselves. */
  readonly grants: Covered;
  /** Grants that AWS services made for themselves, and take back. */
  readonly serviceGrants: number;
}

export interface Covered {
  readonly managed: number;
  readonly total: number;
}

export const NOTHING_COVERED: Coverage = {
  keys: { managed: 0, total: 0 },
  aliases: { managed: 0, total: 0 },
  grants: { managed: 0, total: 0 },
  serviceGrants: 0,
};

export function coverageOf(_regions: readonly LiveRegion[], _matches: KeyMatches, _context: DriftContext): Coverage {
  return NOTHING_COVERED;
}
