import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { ComparedChange, Comparer } from "../../modules/review/comparer";
import type { IndexedKey, SideIndex } from "../../modules/review/side-index";
import { readStackPair } from "../../modules/review/stack-pair";
import type { Json, Output } from "../checks/sample-output";

/** What one comparer finds of one stack between two outputs, by itself. */
export function compared(
  comparer: Comparer,
  stack: string,
  before: Output | undefined,
  after: Output | undefined,
): readonly ComparedChange[] {
  const textOf = (output: Output | undefined): { name: string; text: string } | undefined => {
    const text = output?.texts.get(stack);
    return text === undefined ? undefined : { name: stack, text };
  };
  const zones = (after ?? before)?.rules.zones;
  if (zones === undefined) throw new Error("there is no output at all");
  return comparer(readStackPair(textOf(before), textOf(after)), {
    zones,
    zonesBefore: before?.rules.zones ?? zones,
    today: "2026-12-01",
    base: indexOf(before),
    head: indexOf(after),
  });
}

/** What one comparer finds of an edit of one stack. */
export function comparedEdit(
  comparer: Comparer,
  output: Output,
  stack: string,
  change: (json: Json) => void,
): readonly ComparedChange[] {
  return compared(comparer, stack, output, output.edit(stack, change));
}

/** `RISK ID DETAIL: WHAT` */
export function told(changes: readonly ComparedChange[]): string[] {
  return changes.map(({ risk, id, detail, what }) => `${risk} ${id}${detail === "" ? "" : ` ${detail}`}: ${what}`);
}

function indexOf(output: Output | undefined): SideIndex {
  const stacks = [...(output?.texts ?? [])].map(([name, text]) => readSynthesizedStack(name, text));
  const keys = stacks.flatMap(({ name, accountId = "", metadata, keys: own }) =>
    own.map(
      ({ kind, address, region, primary }): IndexedKey => ({
        kind,
        stack: name,
        address,
        accountId,
        region,
        aliases: [],
        primary,
        identity: address,
        zone: metadata.zone,
      }),
    ),
  );
  return {
    keyBehind: () => undefined,
    keysOf: (accountId) => keys.filter((key) => key.accountId === accountId),
    stacksOf: (accountId) => stacks.filter((stack) => stack.accountId === accountId).map(({ name }) => name),
    stack: (name) => stacks.find((stack) => stack.name === name),
  };
}
