import type { SynthesizedStack } from "../access/synthesized-stack";
import type { LiveGuardrail, Reading } from "../live/live-account";
import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";

/** Guardrails of a zone, what is in them and what they are attached to. */
export function compareGuardrails(
  _stack: SynthesizedStack,
  _live: Reading<readonly LiveGuardrail[]>,
  _context: DriftContext,
): Drift[] {
  return [];
}
