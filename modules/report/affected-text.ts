import { type AffectedReason, reasonKinds } from "../terraform/affected/affected-reason";
import type { AffectedReport, ComparedSide } from "../terraform/affected/affected-report";
import type { AffectedStack } from "../terraform/affected/affected-stacks";
import type { DependentStack } from "../terraform/affected/dependents";
import { countOf } from "./check-outcome";
import { oneLine } from "./one-line";

/** A person reads no more than this of one stack, and wants to see that there are others. */
const MOST_REASONS = 12;
const MOST_DEPENDENTS = 20;

/**
 * What a change touches, for people: each stack with its reasons, then what needs them, and the numbers last, where a terminal
 * shows them.
 *
 * @param emphasize for the lines to find on a long page
 */
export function affectedText(report: AffectedReport, emphasize: (text: string) => string = (text) => text): string[] {
  return [
    ...report.affected.flatMap((stack) => [
      emphasize(oneLine(`${stack.stack}  ${stack.summary}`)),
      ...reasonsText(stack, MOST_REASONS).map((line) => `  ${line}`),
      "",
    ]),
    ...dependentsText(report.dependents, emphasize),
    emphasize(affectedSummary(report)),
  ];
}

/** The reasons of one stack, a line each. */
export function reasonsText({ reasons }: AffectedStack, most: number): string[] {
  const more = reasons.length - most;
  return [
    ...reasons.slice(0, most).map(reasonText),
    ...(more > 0 ? [`and ${more} more; --format json has all`] : []),
  ].map(oneLine);
}

function reasonText({ kind, address, text }: AffectedReason): string {
  return [reasonKinds[kind], address, text].filter((part) => part !== "").join("  ");
}

function dependentsText(
  dependents: readonly DependentStack[] | undefined,
  emphasize: (text: string) => string,
): string[] {
  if (dependents === undefined) return ["Nobody can tell what depends on these: a stack cannot be read.", ""];
  if (dependents.length === 0) return [];
  const more = dependents.length - MOST_DEPENDENTS;
  return [
    emphasize("the same, but in need of these"),
    ...dependents
      .slice(0, MOST_DEPENDENTS)
      .flatMap((dependent) => dependentLines(dependent).map((line) => `  ${line}`)),
    ...(more > 0 ? [`  and ${more} more; --format json has all`] : []),
    "",
  ];
}

/** A stack and what it needs, a need a line; a guardrail needs all of its zone, and not each of them is worth a line. */
export function dependentLines({ stack, needs }: DependentStack): string[] {
  const byWhy = new Map<string, string[]>();
  for (const { to, why } of needs) byWhy.set(why, [...(byWhy.get(why) ?? []), to]);
  return [
    stack,
    ...[...byWhy].map(([why, stacks]) => {
      const named = stacks.slice(0, 3).join(", ");
      return `  ${stacks.length > 3 ? `${named} and ${stacks.length - 3} more` : named}: ${why}`;
    }),
  ].map(oneLine);
}

/** One line: how much of what. */
export function affectedSummary({ before, after, stacks, affected, dependents, shard }: AffectedReport): string {
  const removed = affected.filter((stack) => stack.after === undefined).length;
  const share = shard === undefined ? "" : ` in share ${shard.index} of ${shard.count}`;
  const gone = removed === 0 ? "" : ` and ${removed} removed`;
  const needing =
    dependents === undefined || dependents.length === 0 ? "" : ` ${dependents.length} more depend on them.`;
  const between = `between ${sideText(before)} and ${sideText(after)}`;
  return oneLine(
    `${affected.length - removed} of ${countOf(stacks, "stack")} affected${gone}${share}, ${between}.${needing}`,
  );
}

function sideText({ name, commit, isMergeBase, from }: ComparedSide): string {
  if (commit === undefined) return name;
  const what = isMergeBase ? "merge base " : "";
  return `${name} (${what}${commit.slice(0, 12)}, ${from})`;
}
