import { readStackRecord } from "./read-stack-record";
import type { StackRecord } from "./stack-record";

/** The output that is there: what was reviewed, and for all anybody knows applied. */
export interface PreviousOutput {
  /** Names of its stacks. */
  readonly stacks: readonly string[];
  /** A stack's JSON; undefined when it cannot be read. */
  textOf(stack: string): string | undefined;
}

export interface NewStack {
  readonly name: string;
  readonly text: string;
}

/** A stack of the last output that changes, and the one that goes on with its state; undefined when none does. */
export interface StackPair {
  readonly before: StackRecord;
  readonly after: StackRecord | undefined;
}

export interface PairedStacks {
  readonly pairs: readonly StackPair[];
  /** The new stacks that change or are new. */
  readonly changed: readonly StackRecord[];
  /** Rollouts that stay as they are, read when asked for. */
  sameRollouts(): readonly StackRecord[];
  readonly unreadable: readonly { readonly stack: string; readonly reasons: readonly string[] }[];
}

/**
 * Pairs stacks by their state, and a zone's rollouts by the zone: a stack's name changes with its account's OU. Those whose text is
 * the same are not read.
 *
 * @param keepOthers whether old stacks stay when no new one goes on with them
 */
export function pairStacks(previous: PreviousOutput, stacks: Iterable<NewStack>, keepOthers: boolean): PairedStacks {
  const unreadable: { stack: string; reasons: readonly string[] }[] = [];
  const read = (stack: string, text: string | undefined): StackRecord[] => {
    const record = text === undefined ? { unreadable: ["it is not there"] } : readStackRecord(stack, text);
    if (record === undefined) return [];
    if (!("unreadable" in record)) return [record];
    unreadable.push({ stack, reasons: record.unreadable });
    return [];
  };
  const known = new Set(previous.stacks);
  const same = new Set<string>();
  const changed: StackRecord[] = [];
  for (const { name, text } of stacks) {
    if (known.has(name) && previous.textOf(name) === text) same.add(name);
    else changed.push(...read(name, text));
  }
  const changedOn = bySubject(changed);
  // Asked for only where nothing that changes goes on with one: a stack that stays may do so under another name.
  let sameOn: ReadonlyMap<string, StackRecord> | undefined;
  const stackOn = (subject: string): StackRecord | undefined => {
    const found = changedOn.get(subject);
    if (found !== undefined) return found;
    sameOn ??= bySubject([...same].flatMap((name) => read(name, previous.textOf(name))));
    return sameOn.get(subject);
  };
  const pairs = previous.stacks
    .filter((name) => !same.has(name))
    .flatMap((name) => read(name, previous.textOf(name)))
    .map((before): StackPair => ({ before, after: stackOn(before.subject) }))
    .filter(({ after }) => !keepOthers || after !== undefined);
  const sameRollouts = (): StackRecord[] =>
    [...same].flatMap((name) => read(name, previous.textOf(name))).filter(({ rollouts }) => rollouts !== undefined);
  return { pairs, changed, sameRollouts, unreadable };
}

function bySubject(records: readonly StackRecord[]): Map<string, StackRecord> {
  return new Map(records.map((record) => [record.subject, record]));
}
