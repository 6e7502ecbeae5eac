import { nameOrder } from "../aws/name-order";
import { type Finding, sortFindings } from "../findings/finding";
import type { ContinuityRules } from "./continuity-rules";
import { lifecycleLines } from "./lifecycle-lines";
import { lostAliases } from "./lost-aliases";
import { lostRollouts } from "./lost-rollouts";
import { lostSteps } from "./lost-steps";
import { movedDays } from "./moved-days";
import { hasMoved, movesInStackSet } from "./moves-in-stack-set";
import { type NewStack, type PreviousOutput, pairStacks } from "./pair-stacks";
import { readStackRecord } from "./read-stack-record";
import type { Refusal } from "./refusal";
import { replacedKeys } from "./replaced-keys";
import { rolloutChanges } from "./rollout-changes";
import type { StackRecord } from "./stack-record";
import { unadoptedAliases } from "./unadopted-aliases";
import { vanishedGuardrails } from "./vanished-guardrails";
import { vanishedKeys } from "./vanished-keys";
import { weakenedKeys } from "./weakened-keys";
import type { AppearedKey } from "./why-vanished";
import { zoneMoves } from "./zone-moves";

export interface Continuity {
  /** With any of these the new output must not take the old one's place. Most severe first. */
  readonly refusals: readonly Refusal[];
  /** What is only told. */
  readonly findings: readonly Finding[];
}

/**
 * Holds new stacks against the output that they would replace: no key, replica or alias is lost, replaced or moved unless the
 * map says so, and nothing of a rollout without somebody being told.
 *
 * @param keepOthers whether old stacks stay when no new one has their state
 */
export function compareOutputs(
  previous: PreviousOutput,
  stacks: Iterable<NewStack>,
  rules: ContinuityRules,
  { keepOthers }: { readonly keepOthers: boolean },
): Continuity {
  // Nothing is there that could be lost: the first synthesis reads none of its stacks once more.
  if (previous.stacks.length === 0) return { refusals: [], findings: [] };
  const { pairs, changed, sameRollouts, unreadable } = pairStacks(previous, stacks, keepOthers);
  const appeared = appearedKeys(
    pairs.map(({ before }) => before),
    changed,
  );
  const statesBefore = new Set(pairs.map(({ before }) => before.state));
  const appearedStacks = changed.filter(({ state }) => !statesBefore.has(state));
  const zonesBefore = (): Set<string> =>
    new Set(
      previous.stacks.flatMap((name) => {
        const record = readStackRecord(name, previous.textOf(name) ?? "");
        return record === undefined || "unreadable" in record ? [] : [record.zone];
      }),
    );
  const goingOn = pairs.flatMap(({ before, after }) => (after === undefined ? [] : [[before, after] as const]));
  const refusals = [
    ...unreadable.map(({ stack, reasons }) => cannotTell(stack, reasons)),
    ...pairs.flatMap(({ before, after }) =>
      after === undefined
        ? [...vanishedStack(before, appeared, rules), ...vanishedGuardrails(before, appearedStacks, rules)]
        : changedStack(before, after, appeared, rules),
    ),
    ...pairs.flatMap(({ before, after }) => lostRollouts(before, after)),
    ...zoneMoves(goingOn, rules, zonesBefore),
  ];
  return {
    refusals: sortFindings(refusals),
    findings: sortFindings([
      ...goingOn.flatMap(([before, after]) => [...weakenedKeys(before, after), ...unadoptedAliases(before, after)]),
      ...rolloutChanges(goingOn, changed, rules),
      // Most outputs have hundreds of stacks that stay as they are: they are read when somebody moves.
      ...(goingOn.some(([before, after]) => hasMoved(before, after))
        ? movesInStackSet(goingOn, [...changed, ...sameRollouts()], rules)
        : []),
    ]),
  };
}

function changedStack(
  before: StackRecord,
  after: StackRecord,
  appeared: readonly AppearedKey[],
  rules: ContinuityRules,
): Refusal[] {
  const replaced = replacedKeys(before, after);
  const said = new Set(replaced.map(({ where }) => where));
  return [
    ...replaced,
    ...vanishedKeys(before, after, appeared, rules).filter(({ where }) => !said.has(where)),
    ...lostAliases(before, after, rules),
    ...lostSteps(before, after),
    ...movedDays(before, after),
    ...adoptedTooLate(before, after),
  ];
}

function vanishedStack(before: StackRecord, appeared: readonly AppearedKey[], rules: ContinuityRules): Refusal[] {
  const account = rules.accounts.get(before.accountId);
  // What an account that is pending or suspended has is left alone, and its record rests until it is active again.
  if (account !== undefined && !account.active) return [];
  if (account !== undefined || before.keys.size === 0) {
    return [...vanishedKeys(before, undefined, appeared, rules), ...lostSteps(before, undefined)];
  }
  const keys = [...before.keys.values()].filter(({ kind }) => kind === "key");
  return [
    {
      id: "account-vanishes",
      severity: "critical",
      where: `${before.account} (${before.accountId})`,
      why: `is no longer in the map, and its keys ${keys.map(({ id }) => id).join(", ")} would be left behind in AWS, in no plan and no check`,
      sources: [],
      whatToDo: `put account ${before.account} back; with \`status: suspended\` where it is closed. When it leaves the organization, hand over its keys first, in lifecycle.yaml. Of an account that AWS has closed for good, delete the folder below resting/ in the output (modules.resting/ of modules) as well`,
      lines: keys.flatMap((key) => lifecycleLines(before, key, "handOver: {to: WHO, day: DAY}")),
    },
  ];
}

/** By address; what an old stack on the same state has is no new key. */
function appearedKeys(before: readonly StackRecord[], after: readonly StackRecord[]): AppearedKey[] {
  const known = new Map<string, Set<string>>();
  for (const { state, keys } of before) known.set(state, new Set([...(known.get(state) ?? []), ...keys.keys()]));
  return after.flatMap((stack) =>
    [...stack.keys.values()]
      .filter(({ address }) => !known.get(stack.state)?.has(address))
      .map((key) => ({ stack, key })),
  );
}

/** Terraform passes over the import of what it has in its state. */
function adoptedTooLate(before: StackRecord, after: StackRecord): Refusal[] {
  return [...after.imports].flatMap(([address, id]): Refusal[] => {
    const key = before.keys.get(address);
    if (key === undefined || before.imports.get(address) === id) return [];
    return [
      {
        id: "adopted-too-late",
        severity: "critical",
        where: `${before.account} ${address}`,
        why: `would take over ${id}, and has a key already: Terraform would pass over the import without a word`,
        sources: key.metadata?.sources ?? [],
        whatToDo:
          "take adopt back out of lifecycle.yaml; where the key was never made, synthesize with --ignore-previous (docs/lifecycle.md#take-over)",
        lines: [],
      },
    ];
  });
}

function cannotTell(stack: string, reasons: readonly string[]): Refusal {
  return {
    id: "previous-unreadable",
    severity: "critical",
    where: `stack ${stack}`,
    why: `nobody can tell which keys it has: ${[...reasons].sort(nameOrder).join("; ")}`,
    sources: [],
    whatToDo: "restore it, from version control for example; where it was never applied, --ignore-previous",
    lines: [],
  };
}
