import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSynthesizedStack } from "../access/read-synthesized-stack";
import type { SynthesizedStack } from "../access/synthesized-stack";

/** The stacks of an output folder, in name order: the very JSON that people review and Terraform applies. */
export function readOutput(out: string): SynthesizedStack[] {
  const folder = join(out, "stacks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((stack) => ({ stack, file: join(folder, stack, "cdk.tf.json") }))
    .filter(({ file }) => existsSync(file))
    .map(({ stack, file }) => readSynthesizedStack(stack, readFileSync(file, "utf8")));
}
