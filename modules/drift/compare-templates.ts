import type { SynthesizedStack } from "../access/synthesized-stack";
import type { LiveTemplate, Reading } from "../live/live-account";
import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";

/** StackSets and CloudFormation stacks of Terraform's own: whether they are there, with the reviewed template. */
export function compareTemplates(
  _stack: SynthesizedStack,
  _live: ReadonlyMap<string, Reading<LiveTemplate | undefined>>,
  _context: DriftContext,
): Drift[] {
  return [];
}
