import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";
import type { KeyPair } from "./match-keys";

/** What a key's policy in AWS means that the reviewed one does not, and the other way round. */
export function compareKeyPolicy(_pair: KeyPair, _context: DriftContext): Drift[] {
  return [];
}
