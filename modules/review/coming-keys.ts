import { metadataOfKey } from "../access/stack-metadata";
import type { StackKey } from "../access/synthesized-stack";
import { accessOfKey } from "./access/access-of-key";
import { changeIn, pointerTo } from "./compared-change";
import type { ComparedChange } from "./comparer";
import { explainedFamily, familyOf, type KeyFamily } from "./key-family";
import { keyIdentity } from "./key-identity";
import { keyWords } from "./key-words";
import { mergeAccess } from "./merge-regions";
import type { PairedKeys } from "./pair-keys";
import { accountName, type ReviewContext } from "./review-context";
import { type PairedStack, resourceOf, type StackPair } from "./stack-pair";

/** Keys that head alone has, and replicas of keys that both have. */
export function comingKeys({ added }: PairedKeys, pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { after } = pair;
  if (after === undefined) return [];
  const isNew = new Set(added.map(({ address }) => address));
  return added
    .filter(({ kind, primary }) => kind === "key" || primary === undefined || !isNew.has(primary))
    .map((key) => comingKey(familyOf(key, after), after, pair, context));
}

function comingKey(family: KeyFamily, after: PairedStack, pair: StackPair, context: ReviewContext): ComparedChange {
  const { key, replicas } = family;
  const access = mergeAccess([key, ...replicas].flatMap((each) => accessOfKey(each, after, pair, context)));
  return changeIn(
    pair,
    {
      ...arrival(family, after, pair, context),
      regions: family.regions,
      address: key.address,
      resource: keyWords(key, after),
      access,
      at: [pointerTo(key.address)],
      explains: explainedFamily(family),
    },
    context,
  );
}

function arrival(
  { key, replicas }: KeyFamily,
  after: PairedStack,
  { before }: StackPair,
  context: ReviewContext,
): Pick<Parameters<typeof changeIn>[1], "id" | "risk" | "what" | "whatToDo"> {
  const isReplica = key.kind === "replica";
  const adopted = after.imports.find(({ address }) => address === key.address);
  if (adopted !== undefined) {
    return {
      id: "key-adopted",
      what: `is taken over from AWS, where it is ${isReplica ? "replica" : "key"} ${adopted.id}: Terraform writes this policy and these settings onto it`,
      whatToDo:
        "make sure that it is this very key, and who uses it by its present policy and grants (docs/lifecycle.md#take-over)",
    };
  }
  if (before?.removals.some(({ address }) => address === key.address) === true) {
    return {
      id: isReplica ? "replica-added" : "key-added",
      risk: isReplica ? "high" : "critical",
      what: `is made anew: Terraform let go of one at its address, and ${isReplica ? "that one" : "what that one encrypted"} ${isReplica ? "may still be there" : "the new key cannot decrypt"}`,
      whatToDo: "take over the one that is there, with adopt (docs/lifecycle.md#take-over)",
    };
  }
  if (isReplica) {
    return {
      id: "replica-added",
      what: "is a new replica of a key that is there: its data can be read there",
      whatToDo: "",
    };
  }
  const former = formerOwner(key, after, context);
  const beside = former === undefined ? "" : `; ${former} had a key of this name, and this one decrypts nothing of it`;
  return { id: "key-added", what: `is new${kindWords(key, after)}${replicaWords(replicas)}${beside}`, whatToDo: "" };
}

/** `: SYMMETRIC_DEFAULT, imported material, for data class restricted` */
function kindWords(key: StackKey, stack: PairedStack): string {
  const { customer_master_key_spec: spec } = resourceOf(stack, key.address);
  const dataClass = metadataOfKey(stack, key)?.dataClass;
  const words = [
    ...(spec === undefined ? [] : [String(spec)]),
    ...(key.multiRegion ? ["multi-Region"] : []),
    ...(key.imported ? ["with imported material"] : []),
    ...(key.keyStore === undefined ? [] : ["in a custom key store"]),
    ...(dataClass === undefined ? [] : [`for data class ${dataClass}`]),
  ];
  return words.length === 0 ? "" : `: ${words.join(", ")}`;
}

function replicaWords(replicas: readonly StackKey[]): string {
  return replicas.length === 0 ? "" : `, with replicas in ${replicas.map(({ region }) => region).join(", ")}`;
}

/** The account that had a key of the same identity at base and has it no longer. */
function formerOwner({ address }: StackKey, stack: PairedStack, context: ReviewContext): string | undefined {
  const identity = keyIdentity(address);
  const former = context.base
    .keysCalled(identity)
    .find(
      ({ kind, accountId }) =>
        kind === "key" &&
        accountId !== stack.accountId &&
        !context.head.keysCalled(identity).some((each) => each.kind === "key" && each.accountId === accountId),
    );
  return former === undefined ? undefined : `account ${accountName(former.accountId, context) ?? former.accountId}`;
}
