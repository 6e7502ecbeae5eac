import { readSynthesizedStack } from "../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../modules/access/synthesized-stack";
import { proofChecks } from "../modules/checks/frame/all-checks";
import type { CheckRules } from "../modules/checks/frame/check";
import { type CheckReport, runChecks } from "../modules/checks/frame/run-checks";
import type { PlannedStack } from "./planned-stack";
import { type SynthesizeOptions, synthesize, type WrittenStack } from "./synthesize";

/**
 * Writes stacks as `synthesize` does, and lets them take their place only when the zone proof holds for them, exceptions of the
 * map included. The proof reads what was written, and never the plan.
 *
 * @returns what the proof found; with findings nothing was written
 */
export function synthesizeProved(
  stacks: readonly PlannedStack[],
  out: string,
  rules: CheckRules,
  options: Omit<SynthesizeOptions, "accepts">,
): CheckReport {
  let report: CheckReport = { findings: [], accepted: [], ran: [], stacks: [] };
  synthesize(stacks, out, {
    ...options,
    accepts: (written) => {
      report = proveStacks(written, rules);
      return report.findings.length === 0;
    },
  });
  return report;
}

/** The zone proof for stacks as they were written. */
export function proveStacks(written: Iterable<WrittenStack>, rules: CheckRules): CheckReport {
  return runChecks(read(written), rules, proofChecks);
}

function* read(written: Iterable<WrittenStack>): Generator<SynthesizedStack> {
  for (const { name, text } of written) yield readSynthesizedStack(name, text);
}
