import picomatch from "picomatch";
import { nameOrder, uniqueNames } from "../aws/name-order";
import type { Account, OrganizationMap } from "../organization/organization-map";
import { selectAccounts } from "../organization/select-accounts";
import { orderStacks } from "../terraform/graph/order-stacks";
import type { StackGraph, StackNode } from "../terraform/graph/stack-node";
import type { DriftFlags } from "./drift";
import { selectionOf } from "./options";

/** What drift reads in one account. */
export interface DriftUnit {
  readonly account: Account;
  /** Whether its keys, aliases, grants, consumer policies and CloudFormation stacks are read, or only what follows. */
  readonly whole: boolean;
  /** Names of stacks. */
  readonly own: string | undefined;
  readonly direct: readonly string[];
  /** Selected stacks with guardrails of this management account. */
  readonly guardrails: readonly string[];
  /** Selected stacks with StackSets that this account keeps. */
  readonly rollouts: readonly string[];
  /** Ids of accounts whose keys it looks up or uses: they come first. */
  readonly after: readonly string[];
}

export interface DriftUnits {
  /** Owners of keys before their users, as far as that goes. */
  readonly units: readonly DriftUnit[];
  /** Selected accounts that are suspended or pending, in the order of the map. */
  readonly inactive: readonly Account[];
  /** Selected stacks of accounts that the map does not have. */
  readonly homeless: readonly string[];
}

/**
 * @param selected the stacks of the selection
 * @param planned names of the stacks that the map has: of two stacks of one account that one counts
 */
export function driftUnits(
  globs: readonly string[],
  flags: DriftFlags,
  map: OrganizationMap,
  graph: StackGraph,
  selected: readonly StackNode[],
  planned: ReadonlySet<string>,
): DriftUnits | { readonly problems: readonly string[] } {
  const within = selectAccounts(map, { ous: [], zones: flags.within ?? [], accounts: [] });
  const bySelection = selectAccounts(map, selectionOf(flags));
  if ("problems" in within) return { problems: within.problems.map((each) => each.replace(/^--zone/, "--within")) };
  if ("problems" in bySelection) return bySelection;
  const nodes = [...graph.nodes.values()];
  const ofAccounts = selected.filter(({ kind }) => kind === "account" || kind === "direct-rollouts");
  const byStacks = globs.length > 0 || flags.affected !== undefined || flags.shard !== undefined;
  const isExcluded = excludedAccounts(flags.exclude ?? [], nodes);
  const whole = new Set(
    byStacks
      ? ofAccounts.map(({ accountId }) => accountId)
      : bySelection.accounts.map(({ id }) => id).filter((id) => !isExcluded.has(id)),
  );
  const namesOf = (accountId: string, kind: StackNode["kind"], among: readonly StackNode[]): string[] =>
    among.filter((node) => node.accountId === accountId && node.kind === kind).map(({ name }) => name);
  const units = inOrder(graph, within.accounts, planned).flatMap(({ account, own, after }): DriftUnit[] => {
    const isWhole = whole.has(account.id);
    const guardrails = namesOf(account.id, "guardrails", selected);
    const rollouts = namesOf(account.id, "rollouts", selected);
    if (!isWhole && guardrails.length === 0 && rollouts.length === 0) return [];
    const direct = isWhole ? namesOf(account.id, "direct-rollouts", nodes) : [];
    return [{ account, whole: isWhole, own: isWhole ? own : undefined, direct, guardrails, rollouts, after }];
  });
  const known = new Set(map.accounts.map(({ id }) => id));
  return {
    units: units.filter(({ account }) => account.status === "active"),
    inactive: within.accounts.filter(({ id, status }) => status !== "active" && whole.has(id)),
    homeless: selected.filter(({ accountId }) => !known.has(accountId)).map(({ name }) => name),
  };
}

/** Ids of the accounts whose own stacks are left out. */
function excludedAccounts(globs: readonly string[], nodes: readonly StackNode[]): Set<string> {
  if (globs.length === 0) return new Set();
  const matches = picomatch([...globs], { dot: true, nonegate: true });
  return new Set(
    nodes.filter(({ kind, name }) => kind === "account" && matches(name)).map(({ accountId }) => accountId),
  );
}

/** Each account with its stack, behind the accounts that it needs; where needs go round in a circle, by name alone. */
function inOrder(
  graph: StackGraph,
  accounts: readonly Account[],
  planned: ReadonlySet<string>,
): { readonly account: Account; readonly own: string | undefined; readonly after: readonly string[] }[] {
  const own = new Map<string, StackNode>();
  for (const node of graph.nodes.values()) {
    if (node.kind === "account" && (!own.has(node.accountId) || planned.has(node.name))) own.set(node.accountId, node);
  }
  const stacks = accounts.flatMap(({ id }) => own.get(id) ?? []);
  const order = orderStacks(
    graph,
    stacks.map(({ name }) => name),
  );
  const { layers, needs } = "problems" in order ? { layers: [stacks], needs: [] } : order;
  const place = new Map(layers.flatMap((layer, index) => layer.map(({ accountId }) => [accountId, index] as const)));
  const after = new Map<string, string[]>();
  for (const { from, to } of needs) {
    const [user, owner] = [graph.nodes.get(from), graph.nodes.get(to)];
    if (user !== undefined && owner !== undefined) {
      after.set(user.accountId, [...(after.get(user.accountId) ?? []), owner.accountId]);
    }
  }
  return [...accounts]
    .sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0) || nameOrder(a.name, b.name))
    .map((account) => ({
      account,
      own: own.get(account.id)?.name,
      after: uniqueNames(after.get(account.id) ?? []),
    }));
}
