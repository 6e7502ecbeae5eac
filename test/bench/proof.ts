/**
 * Times the zone proof alone, and all checks alone, on an output that is there already: without the start of a process and
 * without reading the map. Prints `ProofFigures` as JSON.
 *
 *     proof.ts MAP OUTPUT
 */
import { strictEqual } from "node:assert";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import { allChecks, proofChecks } from "../../modules/checks/frame/all-checks";
import type { Check } from "../../modules/checks/frame/check";
import { runChecks } from "../../modules/checks/frame/run-checks";
import { readStack, stackFolders } from "../../modules/terraform/graph/read-output";
import { loadPlan } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";

export interface ProofFigures {
  /** Keys and replicas. */
  readonly keys: number;
  /** The proof, with reading the stacks' JSON. */
  readonly proofSeconds: number;
  /** All checks, the proof among them, with reading. */
  readonly checkSeconds: number;
  /** Reading alone. */
  readonly readSeconds: number;
}

const [, , map = "", output = ""] = process.argv;
const loaded = loadPlan(map);
if ("problems" in loaded) throw new Error(`${map} is not valid`);
const rules = rulesOf(loaded.map);

function* stacks(): Generator<SynthesizedStack> {
  for (const name of stackFolders(output)) yield readStack(output, name);
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

let keys = 0;
function run(checks: readonly Check[]): void {
  const report = runChecks(stacks(), rules, checks);
  strictEqual(report.findings.length, 0, "the output has findings");
  keys = report.stacks.reduce((sum, stack) => sum + stack.keys, 0);
}

const proofSeconds = seconds(() => run(proofChecks));
const checkSeconds = seconds(() => run(allChecks));
const readSeconds = seconds(() => {
  for (const _ of stacks());
});
const figures: ProofFigures = { keys, proofSeconds, checkSeconds, readSeconds };
process.stdout.write(JSON.stringify(figures));
