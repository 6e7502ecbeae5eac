import type { SynthesizedStack } from "../access/synthesized-stack";
import type { LiveRegion } from "../live/live-account";
import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";
import type { ReviewedKey } from "./reviewed-key";

/** Custom key stores of an account: whether they are there, connected, and set up as reviewed. */
export function compareKeyStores(
  _stack: SynthesizedStack | undefined,
  _reviewed: readonly ReviewedKey[],
  _regions: readonly LiveRegion[],
  _context: DriftContext,
): Drift[] {
  return [];
}
