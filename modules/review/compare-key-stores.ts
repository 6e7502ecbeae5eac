import type { StackKeyStore } from "../access/synthesized-stack";
import { whyReplaced } from "../continuity/replaced-keys";
import { changeIn, pointerTo } from "./compared-change";
import { type ComparedChange, type Comparer, explained } from "./comparer";
import { resourceTypeOf } from "./key-identity";
import type { ReviewContext } from "./review-context";
import { type PairedStack, resourceOf, type StackPair } from "./stack-pair";
import { becomesWords, countWords } from "./words";

/** Custom key stores. */
export const compareKeyStores: Comparer = (pair, context) => {
  const { before, after } = pair;
  if (after === undefined) return [];
  const left = new Map(before?.keyStores.map((store) => [store.address, store]));
  const changes = after.keyStores.flatMap((store): ComparedChange[] => {
    const was = left.get(store.address);
    left.delete(store.address);
    if (was !== undefined && before !== undefined) return changedStore(was, before, store, after, pair, context);
    const what = `is new, for ${countWords(keysIn(store, after), "key")}`;
    return [storeChange("key-store-added", store, what, pair, context)];
  });
  const gone = [...left.values()].map((store) => {
    const isLetGo = after.removals.some(({ address }) => address === store.address);
    const change = storeChange(
      "key-store-removed",
      store,
      isLetGo
        ? "is let go: Terraform leaves it as it is, and nothing looks after it from then on"
        : `is deleted, with ${countWords(before === undefined ? 0 : keysIn(store, before), "key")} that had material there`,
      pair,
      context,
    );
    return isLetGo ? { ...change, risk: "high" as const } : change;
  });
  return [...changes, ...gone];
};

function keysIn({ address }: StackKeyStore, { keys }: PairedStack): number {
  return keys.filter(({ keyStore }) => keyStore === address).length;
}

function changedStore(
  was: StackKeyStore,
  before: PairedStack,
  store: StackKeyStore,
  after: PairedStack,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const ofSide = ({ address, region }: StackKeyStore, stack: PairedStack) => ({
    type: resourceTypeOf(address),
    region,
    arguments: resourceOf(stack, address),
  });
  const replaced = whyReplaced(ofSide(was, before), ofSide(store, after));
  const differences = pair.differences.filter(
    ({ address, argument }) => address === store.address && argument !== undefined && argument !== "tags",
  );
  if (differences.length === 0 && replaced.length === 0) return [];
  const change = storeChange(
    "key-store-changed",
    store,
    replaced.length > 0
      ? `is deleted and made anew, and no key of it can be used: ${replaced.join(", ")}`
      : `is another: ${differences.map(({ argument = "", before: old, after: fresh }) => becomesWords(argument, old, fresh)).join(", ")}`,
    pair,
    context,
  );
  return [
    {
      ...change,
      risk: replaced.length > 0 ? "critical" : change.risk,
      explains: differences.map(({ address, argument }) => explained(address, argument)),
    },
  ];
}

function storeChange(
  id: "key-store-added" | "key-store-changed" | "key-store-removed",
  { address, region, arguments: values }: StackKeyStore,
  what: string,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange {
  const name = values.custom_key_store_name;
  return changeIn(
    pair,
    {
      id,
      regions: [region],
      address,
      resource: `key store ${typeof name === "string" ? name : address}`,
      what,
      whatToDo: id === "key-store-added" ? "" : "make sure that no key has its material there any more, or put it back",
      at: [pointerTo(address)],
      explains: [explained(address), explained(`removed.${address}`)],
    },
    context,
  );
}
