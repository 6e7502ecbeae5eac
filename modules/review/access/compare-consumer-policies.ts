import type { Policy } from "../../access/policy-statement";
import type { StackIdentityPolicy } from "../../access/synthesized-stack";
import { iamPrincipalArn } from "../../aws/arn";
import { changeIn, pointerTo } from "../compared-change";
import { type ComparedChange, explained } from "../comparer";
import type { ReviewContext } from "../review-context";
import type { ReviewId } from "../review-ids";
import { remaining, type StackPair } from "../stack-pair";
import { placesOf } from "./access-place";
import { isDifferent } from "./compare-key-access";
import { type ConsumerRow, consumerRows } from "./consumer-rows";
import { explainedLookups } from "./lookup-addresses";
import { asBefore, movedOutside } from "./moved-outside";
import { keyHalf } from "./other-half";
import { accessChanges } from "./told-access";

/** Consumer policies: which there are, what is in them and who has them. */
export function compareConsumerPolicies(pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { before, after } = pair;
  const names = new Set([before, after].flatMap((stack) => (stack?.identityPolicies ?? []).map(({ name }) => name)));
  return [...names].flatMap((name) => {
    const [was, is] = [before, after].map((stack) => stack?.identityPolicies.find((each) => each.name === name));
    return comparePolicy(was, is, pair, context);
  });
}

function comparePolicy(
  was: StackIdentityPolicy | undefined,
  is: StackIdentityPolicy | undefined,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const policy = is ?? was;
  if (policy === undefined) return [];
  const { now, former } = placesOf(pair, "", context);
  const story = { address: policy.address, resource: `policy ${policy.name}`, loses: "access-lost" as ReviewId };
  const tell = (
    rows: readonly ConsumerRow[],
    ids: { readonly gains: ReviewId; readonly loses: ReviewId },
    explains: readonly string[],
    note?: string,
  ): ComparedChange[] =>
    // What is about new keys alone is a part of these.
    [true, false].flatMap((isFirst) =>
      accessChanges(
        rows
          .filter((row) => isFirstAccess(row, context) === isFirst)
          .map((row) => ({ ...row, note: note ?? noteOfHalf(row, pair, context) })),
        { ...story, ...ids, explains, ...(isFirst ? { risk: "low" as const } : {}) },
        pair,
        context,
      ),
    );
  const rowsOf = (before: Policy | undefined, after: Policy | undefined, holders: readonly string[], place = now) =>
    consumerRows(before, after, holders, place, context);
  const explainedPolicy = [explained(policy.address), ...policy.attachments.map(({ address }) => explained(address))];
  const unread =
    is === undefined || is.policy?.understood === true || !isDifferent(pair, is.address, "policy")
      ? []
      : [unreadable(is, pair, context)];
  if (was === undefined || is === undefined) {
    const rows = rowsOf(was?.policy, is?.policy, holdersOf(policy, policy.attachedTo, pair));
    const ids = { gains: "consumer-policy-added", loses: "consumer-policy-removed" } as const;
    return [...unread, ...tell(rows, ids, [...explainedPolicy, ...lookupsOf(pair, policy.policy)])];
  }
  const stayed = is.attachedTo.filter((holder) => was.attachedTo.includes(holder));
  const attached = is.attachedTo.filter((holder) => !was.attachedTo.includes(holder));
  const detached = was.attachedTo.filter((holder) => !is.attachedTo.includes(holder));
  const isOffered = stayed.length + attached.length === 0;
  // What nobody has any longer may be attached again.
  const holders = stayed.length > 0 || isOffered ? holdersOf(is, stayed, pair) : [];
  // The same text names another key where what it looks up is another.
  const isOther = isDifferent(pair, is.address, "policy") || keysOf(was.policy) !== keysOf(is.policy);
  const changed = isOther ? rowsOf(was.policy, is.policy, holders) : [];
  const moved = movedOutside(changed, (at) => rowsOf(undefined, is.policy, holders, at), { now, former });
  const plain = { gains: "access-gained", loses: "access-lost" } as const;
  const explainedDocument = [
    explained(is.address, "policy"),
    ...lookupsOf(pair, is.policy),
    ...lookupsOf(pair, was.policy),
  ];
  return [
    ...unread,
    ...tell(changed, plain, explainedDocument),
    ...tell(moved, plain, [], asBefore),
    ...attached.flatMap((holder) =>
      tell(
        rowsOf(undefined, is.policy, holdersOf(is, [holder], pair)),
        { ...plain, gains: "consumer-policy-attached" },
        [...attachmentsOf(is, holder), ...(stayed.length === 0 ? explainedDocument : [])],
      ),
    ),
    ...detached.flatMap((holder) =>
      tell(
        rowsOf(was.policy, undefined, holdersOf(was, [holder], pair)),
        { ...plain, loses: "consumer-policy-detached" },
        attachmentsOf(was, holder),
      ),
    ),
  ];
}

/** ARNs without the paths of roles, or, of a policy that nobody has, whom it is offered to. */
function holdersOf(policy: StackIdentityPolicy, holders: readonly string[], pair: StackPair): string[] {
  const { partition = "aws", accountId = "" } = remaining(pair);
  if (holders.length === 0) return [`whoever policy ${policy.name} is attached to`];
  return holders.map((holder) => iamPrincipalArn(partition, accountId, holder));
}

function attachmentsOf({ attachments }: StackIdentityPolicy, holder: string): string[] {
  return attachments.filter(({ target }) => target === holder).map(({ address }) => explained(address));
}

function keysOf(policy: Policy | undefined): string {
  return JSON.stringify((policy?.statements ?? []).map(({ resource }) => resource.patterns));
}

/** The data sources that give the keys which a policy names by their aliases. */
function lookupsOf(pair: StackPair, policy: Policy | undefined): string[] {
  const named = (policy?.statements ?? []).flatMap(({ resource }) => resource.patterns);
  return explainedLookups(pair, named);
}

/** A key that is new has its own line: who was meant to use it from the first day is a part of that. */
function isFirstAccess({ row, keys }: ConsumerRow, { base, head }: ReviewContext): boolean {
  return (
    row.effect === "gains" &&
    keys.length > 0 &&
    keys.every((key) => base.keyBehind(key) === undefined && head.keyBehind(key) !== undefined)
  );
}

function noteOfHalf({ row, keys }: ConsumerRow, pair: StackPair, { base, head }: ReviewContext): string {
  const isGain = row.effect === "gains";
  const [side, user] = isGain ? [head, pair.after] : [base, pair.before];
  const halves = keys.map((name) => {
    const found = side.keyBehind(name);
    if (found === undefined) return "missing";
    const stack = found.stack === user?.name ? user : side.stack(found.stack);
    const key = stack?.keys.find(({ address, region }) => address === found.address && region === found.region);
    if (stack === undefined || key === undefined) return "unknown";
    return keyHalf(row.who, row.actions, { key, stack, users: user === undefined ? [] : [user] });
  });
  if (halves.length === 0 || halves.some((half) => half !== "missing")) return "";
  return isGain
    ? ", and nothing lets it through the key policy so far"
    : ", which had no effect, as nothing let it through the key policy";
}

function unreadable({ address, name }: StackIdentityPolicy, pair: StackPair, context: ReviewContext): ComparedChange {
  return changeIn(
    pair,
    {
      id: "access-unreadable",
      address,
      resource: `policy ${name}`,
      detail: "policy",
      what: "cannot be understood, so that nobody can tell which keys it reaches",
      whatToDo: "write the policy so that orgkeys check understands it, which says what it cannot read",
      at: [pointerTo(address, "policy")],
      explains: [explained(address, "policy")],
    },
    context,
  );
}
