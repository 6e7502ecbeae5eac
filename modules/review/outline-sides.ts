import { uniqueNames } from "../aws/name-order";
import { isOtherBeside } from "./beside-changes";
import { outlineOf, type StackOutline } from "./output-index";
import type { ReviewOutput } from "./review-output";

/** Stacks that are the same on both sides, and those that are not, each side by itself. By name. */
export interface OutlinedSides {
  readonly same: readonly StackOutline[];
  readonly old: readonly StackOutline[];
  readonly fresh: readonly StackOutline[];
}

/** Reads each stack once and keeps its outline alone. */
export function outlineSides(
  base: ReviewOutput,
  head: ReviewOutput,
  onStack: (stack: string, done: number, total: number) => void = () => undefined,
): OutlinedSides {
  const [inBase, inHead] = [new Set(base.stacks), new Set(head.stacks)];
  const names = uniqueNames([...inBase, ...inHead]);
  const same: StackOutline[] = [];
  const old: StackOutline[] = [];
  const fresh: StackOutline[] = [];
  for (const [index, name] of names.entries()) {
    onStack(name, index + 1, names.length);
    const was = inBase.has(name) ? base.textOf(name) : undefined;
    const is = inHead.has(name) ? head.textOf(name) : undefined;
    if (was !== undefined && was === is && isSameBeside(name, base, head)) {
      same.push(outlineOf(name, is));
      continue;
    }
    if (inBase.has(name)) old.push(outlineOf(name, was));
    if (inHead.has(name)) fresh.push(outlineOf(name, is));
  }
  return { same, old, fresh };
}

function isSameBeside(name: string, base: ReviewOutput, head: ReviewOutput): boolean {
  const [was, is] = [base.besideOf?.(name) ?? new Map(), head.besideOf?.(name) ?? new Map()];
  return ![...was.keys(), ...is.keys()].some((file) => isOtherBeside(file, was.get(file), is.get(file)));
}
