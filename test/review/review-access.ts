import type { ZoneBoundaries } from "../../modules/access/zone-boundary";
import { compareAccess } from "../../modules/review/access/compare-access";
import type { ComparedChange } from "../../modules/review/comparer";
import { OutputIndex, outlineOf } from "../../modules/review/output-index";
import type { ReviewContext } from "../../modules/review/review-context";
import type { SideIndex } from "../../modules/review/side-index";
import { readStackPair, type StackPair } from "../../modules/review/stack-pair";
import type { Output } from "../checks/sample-output";

/** Everything about access that an edit of an output means. */
export function reviewAccess(before: Output, after: Output): ComparedChange[] {
  const context = contextOf(before, after);
  return pairsOf(before, after).flatMap((pair) => [...compareAccess(pair, context)]);
}

export function contextOf(before: Output, after: Output): ReviewContext {
  const [zonesBefore, zones]: ZoneBoundaries[] = [before.rules.zones, after.rules.zones];
  if (zones === undefined || zonesBefore === undefined) throw new Error("an output has no zones");
  return { zones, zonesBefore, today: "2026-12-01", base: sideOf(before), head: sideOf(after) };
}

/** Stacks with another text, or all where the zones are others. */
export function pairsOf(before: Output, after: Output): StackPair[] {
  const names = new Set([...before.texts.keys(), ...after.texts.keys()]);
  return [...names]
    .filter((name) => before.rules.zones !== after.rules.zones || before.texts.get(name) !== after.texts.get(name))
    .map((name) => readStackPair(textOf(before, name), textOf(after, name)));
}

function textOf(output: Output, name: string) {
  const text = output.texts.get(name);
  return text === undefined ? undefined : { name, text };
}

function sideOf({ texts }: Output): SideIndex {
  const textOf = (name: string): string | undefined => texts.get(name);
  return new OutputIndex(
    [...texts].map(([name, text]) => outlineOf(name, text)),
    textOf,
  );
}
