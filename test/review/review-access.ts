import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import type { ZoneBoundaries } from "../../modules/access/zone-boundary";
import { compareAccess } from "../../modules/review/access/compare-access";
import type { ComparedChange } from "../../modules/review/comparer";
import type { ReviewContext } from "../../modules/review/review-context";
import type { IndexedKey, SideIndex } from "../../modules/review/side-index";
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

function sideOf(output: Output): SideIndex {
  const stacks = [...output.texts].map(([name, text]) => readOnce(name, text));
  const keys = stacks.flatMap((stack) =>
    stack.keys.map(
      (key): IndexedKey => ({
        kind: key.kind,
        stack: stack.name,
        address: key.address,
        accountId: stack.accountId ?? "",
        region: key.region,
        aliases: stack.aliases
          .filter(({ target, region }) => target === key.address && region === key.region)
          .map(({ name }) => name),
        primary: key.primary,
        identity: key.address,
        zone: stack.metadata.zone,
      }),
    ),
  );
  return {
    keyBehind: ({ accountId, region, alias }) =>
      keys.find((key) => key.accountId === accountId && key.region === region && key.aliases.includes(alias)),
    keysOf: (accountId) => keys.filter((key) => key.accountId === accountId),
    stacksOf: (accountId) => stacks.filter((stack) => stack.accountId === accountId).map(({ name }) => name),
    stack: (name) => stacks.find((stack) => stack.name === name),
  };
}

const read = new Map<string, SynthesizedStack>();
function readOnce(name: string, text: string): SynthesizedStack {
  const known = read.get(text) ?? readSynthesizedStack(name, text);
  read.set(text, known);
  return known;
}
