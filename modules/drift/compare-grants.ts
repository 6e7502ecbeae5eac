import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";
import type { KeyPair } from "./match-keys";

/** The grants of one key: those that are missing, more than reviewed, other than reviewed, or past their day. */
export function compareGrants(_pair: KeyPair, _context: DriftContext): Drift[] {
  return [];
}
