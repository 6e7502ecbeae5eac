import { comingKeys } from "./coming-keys";
import { compareKeySteps } from "./compare-key-steps";
import { changeIn, pointerTo } from "./compared-change";
import { type ComparedChange, type Comparer, explained } from "./comparer";
import { goingKeys } from "./going-keys";
import { explainedTies, familyOf } from "./key-family";
import { keySettings } from "./key-settings";
import { keyWords } from "./key-words";
import { type PairedKey, pairKeys } from "./pair-keys";
import type { ReviewContext } from "./review-context";
import { resourceOf, type StackPair } from "./stack-pair";
import { becomesWords } from "./words";

/** Keys and replicas: which there are, and everything about them but who may use them. */
export const compareKeys: Comparer = (pair, context) => {
  const keys = pairKeys(pair.before, pair.after);
  return [
    ...comingKeys(keys, pair, context),
    ...goingKeys(keys, pair, context),
    ...keys.pairs.flatMap((each) =>
      each.replaced.length > 0
        ? [...replacedKey(each, pair, context), ...changedKey(each, pair, context)]
        : changedKey(each, pair, context),
    ),
    ...compareKeySteps(keys, pair, context),
  ];
};

function replacedKey(
  { before: was, after: is, replaced }: PairedKey,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const isReplica = is.kind === "replica";
  return [
    changeIn(
      pair,
      {
        id: isReplica ? "replica-replaced" : "key-replaced",
        regions: [was.region],
        address: was.address,
        resource: keyWords(is, after),
        what: isReplica
          ? `is deleted and made anew: ${replaced.join(", ")}; its data is readable with the primary`
          : `is deleted and made anew, and the new key decrypts nothing that the old one encrypted: ${replaced.join(", ")}`,
        whatToDo: "put back what changed it; another kind of key is made beside this one (docs/lifecycle.md#replace)",
        at: [pointerTo(was.address), ...(is.address === was.address ? [] : [pointerTo(is.address)])],
        explains: [
          ...(was.address === is.address
            ? [...replaced.map((why) => why.split(" ")[0] ?? ""), "provider"].map((name) => explained(is.address, name))
            : [was.address, is.address].map((address) => explained(address))),
          ...[familyOf(was, before), familyOf(is, after)].flatMap(explainedTies),
        ],
      },
      context,
    ),
  ];
}

/** Told by others: who may use the key, and what it is called. */
const toldElsewhere: ReadonlySet<string> = new Set(["policy", "tags"]);

function changedKey(
  { before: was, after: is, replaced }: PairedKey,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const [old, fresh] = [resourceOf(before, was.address), resourceOf(after, is.address)];
  const place = { regions: [is.region], address: is.address, resource: keyWords(is, after) };
  const told = keySettings.flatMap((setting): ComparedChange[] => {
    const change = setting.compare(old, fresh);
    if (change === undefined) return [];
    return [
      changeIn(
        pair,
        {
          ...change,
          ...place,
          at: setting.arguments.map((name) => pointerTo(is.address, name)),
          explains: setting.arguments.map((name) => explained(is.address, name)),
        },
        context,
      ),
    ];
  });
  const isTold = new Set([
    ...told.flatMap(({ explains }) => explains),
    ...replaced.map((why) => explained(is.address, why.split(" ")[0])),
    ...(replaced.length > 0 ? [explained(is.address, "provider")] : []),
  ]);
  const others = pair.differences.filter(
    ({ address, argument }) =>
      address === is.address &&
      argument !== undefined &&
      !toldElsewhere.has(argument) &&
      !isTold.has(explained(address, argument)),
  );
  return [
    ...told,
    ...others.map(({ address, argument = "", before: value, after: next }) =>
      changeIn(
        pair,
        {
          id: "key-changed",
          ...(argument === "depends_on" ? { risk: "low" as const } : {}),
          ...place,
          detail: argument,
          what: `is another in what it is made of: ${becomesWords(argument, value, next)}`,
          whatToDo: argument === "depends_on" ? "" : "find out what asks for it, and what AWS does with it",
          at: [pointerTo(address, argument)],
          explains: [explained(address, argument)],
        },
        context,
      ),
    ),
  ];
}
