import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a synthesis wrote, counted. */
export interface SynthesizedOutput {
  readonly bytes: number;
  /** Of every stack's name and bytes. */
  readonly digest: string;
  /** `aws_kms_key`, … and output, provider, local, stack. */
  readonly blocks: Readonly<Record<string, number>>;
  /** Of all policies: what their size depends on. */
  readonly policyStatements: number;
}

interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly provider?: Readonly<Record<string, readonly unknown[]>>;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly locals?: Readonly<Record<string, { readonly Statement: readonly unknown[] }>>;
}

/** Reads every stack below an output folder. */
export function readOutput(folder: string): SynthesizedOutput {
  const hash = createHash("sha256");
  const blocks: Record<string, number> = {};
  const count = (kind: string, more: number): void => {
    blocks[kind] = (blocks[kind] ?? 0) + more;
  };
  let bytes = 0;
  let policyStatements = 0;
  for (const stack of readdirSync(join(folder, "stacks")).sort()) {
    const content = readFileSync(join(folder, "stacks", stack, "cdk.tf.json"));
    bytes += content.length;
    hash.update(stack).update(content);
    // The zones' guardrails are what the plain app does not have.
    if (stack.includes(".guardrails.")) continue;
    const json = JSON.parse(content.toString("utf8")) as StackJson;
    for (const [type, resources] of Object.entries(json.resource ?? {})) count(type, Object.keys(resources).length);
    const policies = Object.values(json.locals ?? {});
    count("local", policies.length);
    count("output", Object.keys(json.output ?? {}).length);
    count("provider", Object.values(json.provider ?? {}).flat().length);
    count("stack", 1);
    policyStatements += policies.reduce((sum, policy) => sum + policy.Statement.length, 0);
  }
  return { bytes, digest: hash.digest("hex"), blocks, policyStatements };
}
