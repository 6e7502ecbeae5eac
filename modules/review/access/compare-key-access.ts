import type { ChangePlace } from "../../access/access-change";
import type { Grant } from "../../access/grant-match";
import { metadataOfKey } from "../../access/stack-metadata";
import type { StackKey } from "../../access/synthesized-stack";
import { changeIn, pointerTo } from "../compared-change";
import { type ComparedChange, explained } from "../comparer";
import { keyWords } from "../key-words";
import { type ReviewContext, zoneOf } from "../review-context";
import type { PairedStack, StackPair } from "../stack-pair";
import { placesOf } from "./access-place";
import { type AccessRow, grantName, grantRows, policyRows, type RowKey } from "./access-rows";
import { compareGrant, type GrantOf, pairGrants } from "./compare-grant";
import { isForGrantsBeside } from "./grants-of-terraform";
import { asBefore, movedOutside } from "./moved-outside";
import { identityHalf } from "./other-half";
import { accessChanges, type ToldAccess } from "./told-access";

/** One key of a stack, with the stack. */
export interface KeyOf {
  readonly key: StackKey;
  readonly stack: PairedStack;
}

/** What another policy, or other grants, of a key or replica mean. */
export function compareKeyAccess(
  before: KeyOf,
  after: KeyOf,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const places = placesOf(pair, after.key.region, context);
  const key = rowKey(after, context);
  const noteOf = ({ row }: AccessRow) => noteOfHalf(row, row.effect === "gains" ? after : before, context);
  const grants = pairGrants(before.key.grants, after.key.grants).flatMap(({ was, is }) =>
    compareGrant(
      was === undefined ? undefined : grantOf(was, before),
      is === undefined ? undefined : grantOf(is, after),
      { ...whereOf(after), key, places, noteOf },
      pair,
      context,
    ),
  );
  return [...comparePolicies(before, after, pair, context), ...grants];
}

/** Who from outside of its zone has access to a key that is new; everybody else stands with the key itself. */
export function outsidersOfNewKey(added: KeyOf, pair: StackPair, context: ReviewContext): ComparedChange[] {
  const unread = added.key.policy?.understood === true ? [] : [unreadable(added, pair, context)];
  const outside = keyRows(added, pair, context).filter(({ row }) => row.outside !== undefined);
  return [
    ...unread,
    ...accessChanges(
      outside.map((row) => told(row, added, context)),
      storyOf(added),
      pair,
      context,
    ),
  ];
}

/** Everybody who can do anything with a key, by its policy and the grants beside it. */
export function keyRows(of: KeyOf, pair: StackPair, context: ReviewContext): AccessRow[] {
  const { policy, grants, region } = of.key;
  const place = placesOf(pair, region, context).now;
  const key = rowKey(of, context);
  return [
    ...(policy?.understood === true ? policyRows(undefined, policy, key, place, context) : []),
    ...grants.flatMap((grant) => grantRows(undefined, grant, { ...grantOf(grant, of), key }, place, context)),
  ];
}

function comparePolicies(before: KeyOf, after: KeyOf, pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { address, region, policy } = after.key;
  const isAnother = isDifferent(pair, address, "policy");
  if (policy?.understood !== true) return isAnother ? [unreadable(after, pair, context)] : [];
  const places = placesOf(pair, region, context);
  const key = rowKey(after, context);
  const rows = isAnother ? policyRows(before.key.policy, policy, key, places.now, context) : [];
  const moved = movedOutside(rows, (at) => policyRows(undefined, policy, key, at, context), places);
  const story = storyOf(after);
  return [
    ...accessChanges(
      rows.map((row) => {
        const of = row.row.effect === "gains" ? after : before;
        return isForItsGrants(row, of, places.now)
          ? { ...row, note: asItsGrants[row.row.effect], isAside: true }
          : told(row, of, context);
      }),
      { ...story, explains: [explained(address, "policy")] },
      pair,
      context,
    ),
    ...accessChanges(
      moved.map((row) => ({ ...row, note: asBefore })),
      story,
      pair,
      context,
    ),
  ];
}

const asItsGrants = { gains: ", for nothing but grants that it has", loses: ", for nothing but grants that it had" };

/** Of the zone's own role in the key's account alone; from outside of the zone nobody is. */
function isForItsGrants(
  { row, gains = [] }: AccessRow,
  { key, stack }: KeyOf,
  { partition, zone }: ChangePlace,
): boolean {
  const deployRole = `arn:${partition}:iam::${stack.accountId}:${zone.deployRole}`;
  return (
    row.outside === undefined &&
    gains.length > 0 &&
    gains.every((gain) => isForGrantsBeside(gain, deployRole, key.grants))
  );
}

/** @returns true as well where the stacks cannot be held against each other */
export function isDifferent({ before, after, differences }: StackPair, address: string, argument: string): boolean {
  if (before === undefined || after === undefined || !("json" in before.read) || !("json" in after.read)) return true;
  return differences.some((each) => each.address === address && (each.argument ?? argument) === argument);
}

function unreadable(of: KeyOf, pair: StackPair, context: ReviewContext): ComparedChange {
  const { address } = of.key;
  const { regions, resource } = whereOf(of);
  return changeIn(
    pair,
    {
      id: "access-unreadable",
      address,
      regions,
      resource,
      detail: "policy",
      what: "has a key policy that cannot be understood, so that nobody can tell whom it lets in",
      whatToDo: "write the policy so that orgkeys check understands it, which says what it cannot read",
      at: [pointerTo(address, "policy")],
      explains: [explained(address, "policy")],
    },
    context,
  );
}

function whereOf({ key, stack }: KeyOf) {
  return { address: key.address, regions: [key.region], resource: keyWords(key, stack) };
}

function storyOf(of: KeyOf) {
  return { ...whereOf(of), gains: "access-gained", loses: "access-lost" } as const;
}

function rowKey({ key, stack }: KeyOf, { zones, zonesBefore }: ReviewContext): RowKey {
  const zone = zoneOf(stack, zones) ?? zoneOf(stack, zonesBefore);
  return { key: keyWords(key, stack), region: key.region, zone: zone?.name };
}

function grantOf(grant: Grant, { key, stack }: KeyOf): GrantOf {
  const until = metadataOfKey(stack, key)?.grants.get(grant.id);
  return { grant, name: grantName(grant, key.address), until };
}

function told(row: AccessRow, of: KeyOf, context: ReviewContext): ToldAccess {
  return { ...row, note: noteOfHalf(row.row, of, context) };
}

function noteOfHalf({ effect, who, actions }: AccessRow["row"], of: KeyOf, { base, head }: ReviewContext): string {
  const half = identityHalf(who, actions, { ...of, side: effect === "gains" ? head : base });
  if (half !== "missing") return "";
  return effect === "gains"
    ? ", and no consumer policy of its account lets it so far"
    : ", which had no effect, as no consumer policy of its account let it";
}
