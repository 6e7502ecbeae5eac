import { metadataOfKey } from "../access/stack-metadata";
import type { StackAlias } from "../access/synthesized-stack";
import { changeIn, pointerTo } from "./compared-change";
import { type ComparedChange, type Comparer, explained } from "./comparer";
import { keyWords } from "./key-words";
import { type PairedKeys, pairKeys } from "./pair-keys";
import type { ReviewContext } from "./review-context";
import type { PairedStack, StackPair } from "./stack-pair";

/** Aliases: an alias in AWS is its name in a Region, whatever Terraform calls it. Those that come or go with their key are told of that. */
export const compareAliases: Comparer = (pair, context) => {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const keys = pairKeys(before, after);
  const old = new Map(before.aliases.map((alias) => [nameOf(alias), alias]));
  const fresh = new Map(after.aliases.map((alias) => [nameOf(alias), alias]));
  const goneTargets = new Set(keys.removed.map(({ address }) => address));
  const newTargets = new Set(keys.added.map(({ address }) => address));
  return [
    ...[...fresh].flatMap(([name, alias]): ComparedChange[] => {
      const was = old.get(name);
      if (was !== undefined) return movedAlias(was, alias, keys, pair, context);
      if (newTargets.has(alias.target)) return [];
      const isNumber = isReplaced(alias, after) && !isReplaced(alias, before);
      const why = isNumber ? ": another key takes over the name that it had" : "";
      return [aliasChange("alias-added", alias, `leads to ${targetWords(alias, after)} as well${why}`, pair, context)];
    }),
    ...[...old].flatMap(([name, alias]): ComparedChange[] => {
      if (fresh.has(name) || goneTargets.has(alias.target)) return [];
      const what = `no longer leads to ${targetWords(alias, before)}: whoever asks for the key by it finds nothing`;
      return [aliasChange("alias-removed", alias, what, pair, context)];
    }),
  ];
};

function nameOf({ name, region }: StackAlias): string {
  return `${name} ${region}`;
}

function movedAlias(
  was: StackAlias,
  alias: StackAlias,
  keys: PairedKeys,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined || was.target === alias.target) return [];
  if (keys.pairs.some((each) => each.before.address === was.target && each.after.address === alias.target)) return [];
  const isMeant = isReplaced(was, after);
  const change = aliasChange(
    "alias-moved",
    alias,
    `leads to ${alias.target} and led to ${was.target}${isMeant ? ", which it replaces" : ""}: what is encrypted by this name next is under the other key`,
    pair,
    context,
  );
  return [
    {
      ...change,
      risk: isMeant ? "medium" : "high",
      whatToDo: isMeant
        ? "make sure that the users of both keys are applied first (docs/lifecycle.md#replace)"
        : "put it back; where the other key is to take over, record that it is replaced (docs/lifecycle.md#replace)",
      explains: [...change.explains, explained(was.address)],
    },
  ];
}

/** Whether the map says that another key has taken over the names of the one behind an alias. */
function isReplaced({ target }: StackAlias, stack: PairedStack): boolean {
  const key = stack.keys.find(({ address }) => address === target);
  return key !== undefined && metadataOfKey(stack, key)?.replaced !== undefined;
}

function targetWords({ target, name }: StackAlias, stack: PairedStack): string {
  const key = stack.keys.find(({ address }) => address === target);
  const words = key === undefined ? target : keyWords(key, stack);
  return words === name ? target : words;
}

function aliasChange(
  id: "alias-added" | "alias-moved" | "alias-removed",
  { address, name, region }: StackAlias,
  what: string,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange {
  return changeIn(
    pair,
    {
      id,
      regions: [region],
      address,
      resource: name,
      what,
      whatToDo: id === "alias-removed" ? "make sure that nobody asks for the key by it any more" : "",
      at: [pointerTo(address)],
      explains: [explained(address), explained(`import.${address}`), explained(`removed.${address}`)],
    },
    context,
  );
}
