import { nameOrder, uniqueNames } from "../aws/name-order";
import type { Account } from "../organization/organization-map";
import { environmentOrder, NO_ENVIRONMENT, needsApproval } from "./environment-order";
import type { ApplyStage } from "./pipeline-plan";
import type { PipelineStack } from "./pipeline-stack";
import { stackGlobs } from "./stack-globs";

/** What is about zones as a whole: rollouts come before all accounts, guardrails after them. No environment has such a name. */
const FIRST = "_first";
const LAST = "_last";

/** No name of a zone or an environment has an underscore. */
const idOf = (zone: string, wave: string): string => `${zone}_${wave}`;

/**
 * What is applied in which order: each zone's rollouts, its accounts by environment, its guardrails. Zones wait for each
 * other only where one keeps the rollouts and guardrails of another.
 *
 * @param accounts by name, with all that stacks name
 */
export function applyStages(stacks: readonly PipelineStack[], accounts: ReadonlyMap<string, Account>): ApplyStage[] {
  const names = stacks.map(({ name }) => name);
  const pipelineOf = ({ account }: PipelineStack): string => accounts.get(account)?.zone ?? "";
  const stage = (zone: string, wave: string, own: readonly PipelineStack[], after: readonly string[]): ApplyStage => ({
    id: idOf(zone, wave),
    zone,
    wave,
    globs: stackGlobs(
      own.map(({ name }) => name),
      names,
    ),
    after: uniqueNames(after),
    approval: needsApproval(wave),
  });
  const about = (kinds: (stack: PipelineStack) => boolean): Map<string, PipelineStack[]> =>
    grouped(stacks.filter(kinds), pipelineOf);
  const isLast = ({ kind, before }: PipelineStack): boolean => kind === "guardrails" && !before;
  const first = inOrder(about((each) => each.kind !== "account" && !isLast(each))).map(([zone, own]) => ({
    own,
    stage: stage(zone, FIRST, own, []),
  }));
  const waves = waveOfAccounts(stacks, accounts);
  const between = inOrder(about(({ kind }) => kind === "account")).flatMap(([zone, own]) => {
    const begin = first.filter((each) => each.own.some((stack) => stack.zone === zone)).map((each) => each.stage.id);
    const byWave = grouped(own, ({ account }) => waves.get(account) ?? NO_ENVIRONMENT);
    const order = [...byWave.keys()].sort(environmentOrder);
    return order.map((wave, index) => {
      const before = order[index - 1];
      return stage(zone, wave, byWave.get(wave) ?? [], before === undefined ? begin : [idOf(zone, before)]);
    });
  });
  const last = inOrder(about(isLast)).map(([zone, own]) => {
    const guarded = new Set(own.map((stack) => stack.zone));
    const ends = between.filter((each) => guarded.has(each.zone)).map(({ id }) => id);
    const begun = first.filter((each) => each.own.some((stack) => guarded.has(stack.zone)));
    return stage(zone, LAST, own, [...begun.map((each) => each.stage.id), ...ends]);
  });
  return [...first.map((each) => each.stage), ...between, ...last];
}

/**
 * The environment of each account; a later one where it looks up keys of an account that comes later. Nothing comes earlier
 * than its own environment's approval.
 */
function waveOfAccounts(
  stacks: readonly PipelineStack[],
  accounts: ReadonlyMap<string, Account>,
): ReadonlyMap<string, string> {
  const own = stacks.filter(({ kind }) => kind === "account");
  const waves = new Map(own.map(({ account }) => [account, accounts.get(account)?.environment ?? NO_ENVIRONMENT]));
  for (let moved = true; moved; ) {
    moved = false;
    for (const { account, looksUp } of own) {
      for (const owner of looksUp) {
        const wave = waves.get(account);
        const later = waves.get(owner);
        if (wave === undefined || later === undefined || environmentOrder(wave, later) >= 0) continue;
        waves.set(account, later);
        moved = true;
      }
    }
  }
  return waves;
}

function grouped(
  stacks: readonly PipelineStack[],
  groupOf: (stack: PipelineStack) => string,
): Map<string, PipelineStack[]> {
  const groups = new Map<string, PipelineStack[]>();
  for (const stack of stacks) {
    const group = groupOf(stack);
    groups.set(group, [...(groups.get(group) ?? []), stack]);
  }
  return groups;
}

function inOrder(groups: ReadonlyMap<string, PipelineStack[]>): [string, PipelineStack[]][] {
  return [...groups].sort(([a], [b]) => nameOrder(a, b));
}
