import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import type { Check, CheckRules, Violation } from "../../modules/checks/frame/check";
import { type CheckFinding, type CheckReport, runChecks } from "../../modules/checks/frame/run-checks";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";
import { writeStacks } from "../../stacks/synthesize";

/** A stack's JSON, loosely: tests change it as a hand would. */
// biome-ignore lint/suspicious/noExplicitAny: it stands for any edit of a JSON file
export type Json = any;

/** A synthesized organization, to be edited and checked. */
export class Output {
  readonly #stacks: ReadonlyMap<string, string>;
  readonly rules: CheckRules;

  constructor(stacks: ReadonlyMap<string, string>, rules: CheckRules) {
    this.#stacks = stacks;
    this.rules = rules;
  }

  /** Each stack's JSON, by name. */
  get texts(): ReadonlyMap<string, string> {
    return this.#stacks;
  }

  /** A copy in which one stack's JSON is edited. */
  edit(stack: string, change: (json: Json) => void): Output {
    const text = this.#stacks.get(stack);
    if (text === undefined) throw new Error(`there is no stack ${stack}: ${[...this.#stacks.keys()].join(", ")}`);
    const json: Json = JSON.parse(text);
    change(json);
    return this.withText(stack, JSON.stringify(json, null, 2));
  }

  /** A copy in which one stack is this text. */
  withText(stack: string, text: string): Output {
    return new Output(new Map([...this.#stacks, [stack, text]]), this.rules);
  }

  without(stack: string): Output {
    return new Output(new Map([...this.#stacks].filter(([name]) => name !== stack)), this.rules);
  }

  /** A copy that is held against other rules. */
  withRules(rules: Partial<CheckRules>): Output {
    return new Output(this.#stacks, { ...this.rules, ...rules });
  }

  /** What these checks find and nobody has accepted. */
  check(checks: readonly Check[], today?: string): readonly CheckFinding[] {
    return this.report(checks, today).findings;
  }

  report(checks: readonly Check[], today?: string): CheckReport {
    const stacks = [...this.#stacks].map(([name, text]) => readOnce(name, text));
    return runChecks(
      stacks,
      { ...this.rules, today },
      checks.map((check) => lookingOnce(check, this.rules, today)),
    );
  }
}

/** Most stacks of an edited output are those of the output before the edit. */
const read = new Map<string, { readonly text: string; readonly stack: SynthesizedStack }>();
function readOnce(name: string, text: string): SynthesizedStack {
  const known = read.get(name);
  if (known?.text === text) return known.stack;
  const stack = readSynthesizedStack(name, text);
  // The first text of a stack is the one that edits start from.
  if (known === undefined) read.set(name, { text, stack });
  return stack;
}

/** What a check says of one stack by itself hangs on that stack, the rules and the day: an edit leaves the others as they were. */
const said = new WeakMap<SynthesizedStack, WeakMap<CheckRules, Map<string, readonly Violation[]>>>();
function lookingOnce(check: Check, rules: CheckRules, today: string | undefined): Check {
  const { inStack } = check;
  if (inStack === undefined) return check;
  return {
    ...check,
    inStack: (stack, output) => {
      const ofStack = said.get(stack) ?? new WeakMap<CheckRules, Map<string, readonly Violation[]>>();
      const ofRules = ofStack.get(rules) ?? new Map<string, readonly Violation[]>();
      said.set(stack, ofStack.set(rules, ofRules));
      const name = `${check.id} ${today}`;
      const violations = ofRules.get(name) ?? inStack(stack, output);
      ofRules.set(name, violations);
      return violations;
    },
  };
}

/** The organization of a configuration folder, synthesized. */
export function outputOf(config: string): Output {
  const loaded = loadPlan(config);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return outputOfPlan(loaded);
}

export function outputOfPlan(loaded: LoadedPlan): Output {
  const directory = mkdtempSync(join(tmpdir(), "orgkeys-checks-"));
  try {
    const manifest = writeStacks(loaded.stacks, directory);
    const stacks = Object.keys(manifest.stacks)
      .sort()
      .map((name) => [name, readFileSync(join(directory, "stacks", name, "cdk.tf.json"), "utf8")] as const);
    return new Output(new Map(stacks), rulesOf(loaded.map));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
