import type { ZoneBoundaries } from "../../modules/access/zone-boundary";
import type { Review, ReviewChange } from "../../modules/review/review";
import { type ReviewOutput, reviewOutputs } from "../../modules/review/review-outputs";
import type { Output } from "../checks/sample-output";

export type Texts = ReadonlyMap<string, string>;

export function sideOf(texts: Texts, name: string): ReviewOutput {
  return { name, commit: undefined, stacks: [...texts.keys()], textOf: (stack) => texts.get(stack) };
}

/** The review of what takes one output to another, with the zones of the maps that they came from. */
export function reviewOf(before: Output, after: Output): Review {
  return reviewTexts(before.texts, after.texts, after.rules.zones, before.rules.zones);
}

export function reviewTexts(before: Texts, after: Texts, zones: ZoneBoundaries, zonesBefore = zones): Review {
  const settings = { zones, zonesBefore, today: "2026-12-01" };
  return reviewOutputs(sideOf(before, "base"), sideOf(after, "head"), settings);
}

/** `RISK ID RESOURCE [REGIONS] WHAT` */
export function lineOf({ risk, id, place, what }: ReviewChange): string {
  const regions = place.regions.length === 0 ? "" : ` [${place.regions.join(", ")}]`;
  return `${risk} ${id} ${place.resource}${regions} ${what}`;
}

export function linesOf({ changes }: Review): string[] {
  return changes.map(lineOf);
}
