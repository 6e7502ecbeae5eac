import { blocksOf } from "../access/json-parts";
import type { StackKey } from "../access/synthesized-stack";
import { whyReplaced } from "../continuity/replaced-keys";
import { keyIdentity, resourceTypeOf } from "./key-identity";
import { jsonOf, type PairedStack, resourceOf } from "./stack-pair";

/** A key or replica that one stack had, and what is in its place. */
export interface PairedKey {
  readonly before: StackKey;
  readonly after: StackKey;
  /** Why AWS would have another key, as `multi_region false becomes true`; none for a key that goes on. */
  readonly replaced: readonly string[];
}

/** Keys and replicas of two versions of a stack, each of which is in exactly one of these. */
export interface PairedKeys {
  readonly pairs: readonly PairedKey[];
  readonly added: readonly StackKey[];
  readonly removed: readonly StackKey[];
}

/**
 * A key is its address in its stack's state, or where a `moved` block takes that. What has the same identity at another address is
 * another key: of another type, or in another Region.
 */
export function pairKeys(before: PairedStack | undefined, after: PairedStack | undefined): PairedKeys {
  const left = new Map((after?.keys ?? []).map((key) => [key.address, key]));
  const pairs: PairedKey[] = [];
  const open: StackKey[] = [];
  const moved = after === undefined ? new Map<string, string>() : movedAddresses(after);
  const pairUp = (was: StackKey, is: StackKey | undefined, isOther: boolean): void => {
    if (is === undefined || before === undefined || after === undefined) {
      open.push(was);
      return;
    }
    left.delete(is.address);
    pairs.push({ before: was, after: is, replaced: isOther ? whyOther(was, is) : whyAnew(was, before, is, after) });
  };
  for (const key of before?.keys ?? []) {
    pairUp(key, left.get(key.address) ?? left.get(moved.get(key.address) ?? ""), false);
  }
  for (const key of open.splice(0)) {
    // Terraform lets go of the former one: it stays, and what has its name is a new key beside it.
    const isLetGo = after?.removals.some(({ address }) => address === key.address) ?? false;
    pairUp(key, isLetGo ? undefined : sameIdentity(key, [...left.values()]), true);
  }
  return { pairs, added: [...left.values()], removed: open };
}

/** Of another type at the same place, or a primary in another Region. */
function sameIdentity(key: StackKey, others: readonly StackKey[]): StackKey | undefined {
  const ofKind = others.filter(
    ({ kind, address }) => kind === key.kind && keyIdentity(address) === keyIdentity(key.address),
  );
  return ofKind.find(({ region }) => region === key.region) ?? (key.kind === "key" ? ofKind[0] : undefined);
}

function whyOther(was: StackKey, is: StackKey): string[] {
  const [oldType, newType] = [resourceTypeOf(was.address), resourceTypeOf(is.address)];
  const type = oldType === newType ? [] : [`${oldType} becomes ${newType}`];
  return was.region === is.region ? type : [...type, `Region ${was.region} becomes ${is.region}`];
}

function whyAnew(was: StackKey, before: PairedStack, is: StackKey, after: PairedStack): string[] {
  const ofSide = (key: StackKey, stack: PairedStack) => ({
    type: resourceTypeOf(key.address),
    region: key.region,
    arguments: resourceOf(stack, key.address),
  });
  return whyReplaced(ofSide(was, before), ofSide(is, after));
}

function movedAddresses(stack: PairedStack): Map<string, string> {
  return new Map(blocksOf(jsonOf(stack).moved).map(({ from, to }) => [String(from), String(to)]));
}
