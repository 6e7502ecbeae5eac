import picomatch from "picomatch";
import { nameOrder, uniqueNames } from "../../aws/name-order";
import { isInOu, type Selection, selectionProblems } from "../../findings/selection";
import { listNames, suggestName } from "../../findings/suggest-name";
import type { StackGraph, StackNode } from "../graph/stack-node";
import type { SelectedStack, SelectionContext, StackSelection } from "./stack-selection";

/** One word of the command line. */
interface Selector {
  readonly option: string;
  readonly value: string;
  /** Why it selects a stack, without the stack. */
  readonly why: string;
  readonly selects: (node: StackNode) => boolean;
}

/**
 * The stacks of a selection in name order, each with what selected it.
 *
 * A zone's own stacks belong to it as a whole: an OU or an account never selects them. No stack being affected is no mistake;
 * any other selection that comes to nothing is, unless the map knows all its names.
 *
 * @returns the stacks, or everything that is wrong with the selection
 */
export function selectFromGraph(
  graph: StackGraph,
  selection: StackSelection,
  { known, affected }: SelectionContext,
): { readonly selected: readonly SelectedStack[] } | { readonly problems: readonly string[] } {
  const nodes = [...graph.nodes.values()];
  const problems = selectionProblems(
    selection,
    knownNames(nodes, known),
    "neither in the map nor in the output",
    (name) =>
      globSelector("", name, []).some(({ selects }) => nodes.some(selects))
        ? "to select stacks by their names, give those before all options"
        : undefined,
  );
  const ous = selection.ous.map(
    (ou): Selector => ({ option: "--ou", value: ou, why: `in OU ${ou}`, selects: (node) => isIn(node, ou) }),
  );
  const zones = selection.zones.map(
    (zone): Selector => ({
      option: "--zone",
      value: zone,
      why: `in zone ${zone}`,
      selects: (node) => node.zone === zone,
    }),
  );
  const accounts = selection.accounts.map((account): Selector => {
    const selects = (node: StackNode): boolean =>
      node.kind === "account" && (node.account === account || node.accountId === account);
    return { option: "--account", value: account, why: `account ${account}`, selects };
  });
  const globs = selection.globs.flatMap((glob) => globSelector("", glob, problems));
  const excludes = selection.excludes.flatMap((glob) => globSelector("--exclude", glob, problems));

  for (const selector of [...globs, ...excludes]) {
    if (!nodes.some(selector.selects)) problems.push(matchesNothing(selector, nodes));
  }
  if (problems.length > 0) return { problems };

  const kinds = [ous, zones, accounts, globs].filter(({ length }) => length > 0);
  const chosen = nodes.flatMap((node): SelectedStack[] => {
    const reasons = kinds.map((selectors) => selectors.find(({ selects }) => selects(node))?.why);
    if (reasons.includes(undefined)) return [];
    return [{ node, why: reasons.length === 0 ? "everything is selected" : reasons.join(", ") }];
  });
  const left = chosen.filter(({ node }) => !excludes.some(({ selects }) => selects(node)));
  const words = (selectors: readonly Selector[]): string =>
    selectors.map(({ option, value }) => `${option} ${value}`.trim()).join(" ");
  if (
    chosen.length === 0 &&
    kinds.every((selectors) => nodes.some((node) => selectors.some((each) => each.selects(node))))
  ) {
    return {
      problems: [`${words(kinds.flat())}: no stack is all of this at once; give fewer of them`],
    };
  }
  if (chosen.length > 0 && left.length === 0) {
    return { problems: [`${words(excludes)}: leaves nothing of ${chosen.length} selected stacks; exclude fewer`] };
  }
  return {
    selected: left
      .flatMap(({ node, why }): SelectedStack[] => {
        if (affected === undefined) return [{ node, why }];
        const reason = affected.get(node.name);
        if (reason === undefined) return [];
        return [{ node, why: [...(kinds.length === 0 ? [] : [why]), `affected: ${reason}`].join(", ") }];
      })
      .sort((a, b) => nameOrder(a.node.name, b.node.name)),
  };
}

function isIn({ organization, ou }: StackNode, selected: string): boolean {
  return ou !== undefined && isInOu(organization, ou, selected);
}

/** The map's names, and those that the stacks of an older output still have. */
function knownNames(nodes: readonly StackNode[], { ous, zones, accounts }: Selection): Selection {
  const paths = nodes.flatMap(({ organization, ou }) => {
    const parts = ou?.split("/") ?? [];
    const above = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    return above.flatMap((path) => [path, `${organization}/${path}`]);
  });
  const ofAccounts = nodes.flatMap(({ account, accountId }) => (account === undefined ? [] : [account, accountId]));
  return {
    ous: uniqueNames([...ous, ...paths]),
    zones: uniqueNames([...zones, ...nodes.map(({ zone }) => zone)]),
    accounts: uniqueNames([...accounts, ...ofAccounts]),
  };
}

/** A stack's name has no slashes, so that `*` is anything at all, dots too. What is left out, `--exclude` says. */
function globSelector(option: string, glob: string, problems: string[]): Selector[] {
  try {
    const matches = picomatch(glob, { dot: true, nonegate: true });
    return [{ option, value: glob, why: `matches ${glob}`, selects: ({ name }) => matches(name) }];
  } catch (error) {
    problems.push(
      `${option} '${glob}': is no pattern: ${error instanceof Error ? error.message : String(error)}`.trim(),
    );
    return [];
  }
}

function matchesNothing({ option, value }: Selector, nodes: readonly StackNode[]): string {
  const names = nodes.map(({ name }) => name);
  const account = nodes.find(({ account: name, accountId }) => name === value || accountId === value);
  const hint = value.startsWith("!")
    ? `write --exclude '${value.slice(1)}' for what is to be left out`
    : account !== undefined
      ? `the stack of account ${account.account} is ${account.name}`
      : suggestName(value, names, `there are ${listNames(names, 4)}`);
  return `${option} ${value}: matches no stack; ${hint}`.trim();
}
