import type { SynthesizedStack } from "../access/synthesized-stack";
import type { LiveIdentityPolicy, Reading } from "../live/live-account";
import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";

/** Consumer policies of an account, what is in them and to whom they are attached. */
export function compareConsumers(
  _stack: SynthesizedStack,
  _live: Reading<readonly LiveIdentityPolicy[]>,
  _context: DriftContext,
): Drift[] {
  return [];
}
