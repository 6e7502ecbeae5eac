import type { SynthesizedStack } from "../access/synthesized-stack";
import { proofChecks } from "../checks/frame/all-checks";
import type { CheckRules } from "../checks/frame/check";
import { type CheckReport, runChecks } from "../checks/frame/run-checks";
import { readStack, stackText } from "../terraform/graph/read-output";
import { sha256 } from "../terraform/run/plan-stacks";
import type { RunParts } from "../terraform/run/run-parts";
import type { Terminal } from "./terminal";

/** What the zone proof came to, and of which texts. */
export interface ProvedOutput {
  readonly proof: CheckReport;
  readonly isProved: RunParts["isProved"];
}

/** Holds the zone proof against every stack of an output, whatever is selected. */
export function proveOutput(
  out: string,
  stacks: readonly string[],
  rules: CheckRules,
  terminal: Terminal,
): ProvedOutput {
  const proved = new Map<string, string>();
  /** One after the other: all of them at once would not fit into memory for a large organization. */
  function* read(): Generator<SynthesizedStack> {
    for (const [index, stack] of stacks.entries()) {
      terminal.progress(`${index + 1}/${stacks.length}  ${stack}`);
      const text = stackText(out, stack);
      proved.set(stack, sha256(text));
      yield readStack(out, stack, text);
    }
  }
  const proof = runChecks(read(), rules, proofChecks);
  return { proof, isProved: (stack, text) => proved.get(stack) === sha256(text) };
}
