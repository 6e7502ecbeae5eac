import { readSynthesizedStack } from "../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../modules/access/synthesized-stack";
import { proofChecks } from "../modules/checks/frame/all-checks";
import type { CheckRules } from "../modules/checks/frame/check";
import { type CheckReport, runChecks } from "../modules/checks/frame/run-checks";
import { type Continuity, compareOutputs } from "../modules/continuity/compare-outputs";
import type { ContinuityRules } from "../modules/continuity/continuity-rules";
import type { PlannedStack } from "./planned-stack";
import { previousOutput } from "./previous-output";
import { type SynthesizeOptions, synthesize, type WrittenStack } from "./synthesize";

export interface ProvedOptions extends Omit<SynthesizeOptions, "accepts"> {
  /** What the output that is there is compared by; undefined where it was never applied, and nothing of it can be lost. */
  readonly continuity: ContinuityRules | undefined;
}

export interface ProvedSynthesis {
  readonly proof: CheckReport;
  readonly continuity: Continuity;
  /** False with a finding of the proof, or a refusal. */
  readonly written: boolean;
}

/**
 * Writes stacks as `synthesize` does, and lets them take their place only when the zone proof holds for them, exceptions of the
 * map included, and no key of the output that is there would be lost. Both read what was written, and never the plan.
 */
export function synthesizeProved(
  stacks: readonly PlannedStack[],
  out: string,
  rules: CheckRules,
  { continuity: continuityRules, ...options }: ProvedOptions,
): ProvedSynthesis {
  let proof: CheckReport = { findings: [], accepted: [], ran: [], stacks: [] };
  let continuity: Continuity = { refusals: [], findings: [] };
  let written = false;
  synthesize(stacks, out, {
    ...options,
    // An account's state has its id for a name.
    rests: (state) => continuityRules?.accounts.get(state)?.active === false,
    accepts: (fresh) => {
      proof = proveStacks(fresh, rules);
      if (continuityRules !== undefined)
        continuity = compareOutputs(previousOutput(out), fresh, continuityRules, options);
      written = proof.findings.length + continuity.refusals.length === 0;
      return written;
    },
  });
  return { proof, continuity, written };
}

/** The zone proof for stacks as they were written. */
export function proveStacks(written: Iterable<WrittenStack>, rules: CheckRules): CheckReport {
  return runChecks(read(written), rules, proofChecks);
}

function* read(written: Iterable<WrittenStack>): Generator<SynthesizedStack> {
  for (const { name, text } of written) yield readSynthesizedStack(name, text);
}
