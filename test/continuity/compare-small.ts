import { type Continuity, compareOutputs } from "../../modules/continuity/compare-outputs";
import type { SourceFile } from "../../modules/organization/map-file";
import { continuityRulesOf } from "../../stacks/continuity-rules";
import type { LoadedPlan } from "../../stacks/load-plan";
import { outputOfPlan } from "../checks/sample-output";
import { planOf, smallSources } from "../stacks/small-organization";

export type Texts = ReadonlyMap<string, string>;

export const smallPlan = planOf(smallSources());
export const smallTexts = textsOf(smallPlan);

export function textsOf(loaded: LoadedPlan): Texts {
  return outputOfPlan(loaded).texts;
}

/** What there is to say when the stacks of `after` take the place of `before`. */
export function compare(
  before: Texts,
  loaded: LoadedPlan,
  after: Texts = textsOf(loaded),
  keepOthers = false,
): Continuity {
  return compareOutputs(
    { stacks: [...before.keys()], textOf: (stack) => before.get(stack) },
    [...after].map(([name, text]) => ({ name, text })),
    continuityRulesOf(loaded.map),
    { keepOthers },
  );
}

/** The small organization with its text replaced, in one file after another; fails when a text is not there. */
export function editedSources(...edits: readonly (readonly [path: string, from: string, to: string])[]): SourceFile[] {
  let sources = smallSources();
  for (const [path, from, to] of edits) {
    sources = sources.map((source) => {
      if (source.path !== path) return source;
      const before = new TextDecoder().decode(source.bytes);
      if (!before.includes(from)) throw new Error(`${path} does not have ${from}`);
      return { ...source, bytes: new TextEncoder().encode(before.replaceAll(from, to)) };
    });
  }
  return sources;
}
