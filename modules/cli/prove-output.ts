import { dirname } from "node:path";
import type { SynthesizedStack } from "../access/synthesized-stack";
import { proofChecks } from "../checks/frame/all-checks";
import type { CheckRules } from "../checks/frame/check";
import { type CheckReport, runChecks } from "../checks/frame/run-checks";
import { loadedBeside, readStack, stackPath, stackText } from "../terraform/graph/read-output";
import type { RunParts } from "../terraform/run/run-parts";
import { sha256 } from "../terraform/run/sha256";
import type { Terminal } from "./terminal";

/** What the zone proof came to, and of which texts. */
export interface ProvedOutput {
  readonly proof: CheckReport;
  readonly isProved: RunParts["isProved"];
  readonly besideOf: RunParts["besideOf"];
}

/** What the proof was held against. */
interface ProvedStack {
  /** SHA-256 of its cdk.tf.json, as hexadecimal text. */
  readonly sha256: string;
  /** What Terraform loads besides: the proof fails for it, unless an exception accepts that. */
  readonly beside: readonly string[];
}

/**
 * Holds the zone proof against every stack of an output, whatever is selected.
 *
 * @param onStack sees each stack while it is in memory
 */
export function proveOutput(
  out: string,
  stacks: readonly string[],
  rules: CheckRules,
  terminal: Terminal,
  onStack: (stack: SynthesizedStack) => void = () => undefined,
): ProvedOutput {
  const proved = new Map<string, ProvedStack>();
  /** One after the other: all of them at once would not fit into memory for a large organization. */
  function* read(): Generator<SynthesizedStack> {
    for (const [index, stack] of stacks.entries()) {
      terminal.progress(`${index + 1}/${stacks.length}  ${stack}`);
      const text = stackText(out, stack);
      proved.set(stack, { sha256: sha256(text), beside: loadedBeside(dirname(stackPath(out, stack))) });
      const read = readStack(out, stack, text);
      onStack(read);
      yield read;
    }
  }
  const proof = runChecks(read(), rules, proofChecks);
  return {
    proof,
    isProved: (stack, text) => proved.get(stack)?.sha256 === sha256(text),
    besideOf: (stack) => proved.get(stack)?.beside ?? [],
  };
}
