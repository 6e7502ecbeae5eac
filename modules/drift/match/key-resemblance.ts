import { identityTags, isSameIdentity } from "../../access/identity-tags";
import { nameOrder } from "../../aws/name-order";
import type { LiveKey } from "../../live/live-account";
import type { ReviewedKey } from "../reviewed/reviewed-key";

/** Whether a key carries all that a reviewed one is known by. One without tags has no identity: every other without would be the same. */
export function hasIdentity({ tags, description }: ReviewedKey, live: LiveKey): boolean {
  return (
    Object.keys(tags).length > 0 &&
    live.description === description &&
    "value" in live.tags &&
    isSameIdentity(tags, live.tags.value)
  );
}

/** Whether a key still carries the description of a reviewed one, or most of its identity; to one that carries nothing all are alike. */
export function isLike({ tags, description }: ReviewedKey, live: LiveKey): boolean {
  if (description !== "" && live.description === description) return true;
  if ("unread" in live.tags) return true;
  const found = live.tags.value;
  const names = Object.keys(tags).filter((name) => identityTags.includes(name));
  const same = names.filter((name) => found[name] === tags[name]);
  return names.length === 0 ? description === "" : same.length * 2 > names.length;
}

/** The best first: a replica for a replica, then one that is not about to go, then one that can be used, then the oldest. */
export function bestFirst(key: ReviewedKey): (a: LiveKey, b: LiveKey) => number {
  const rank = ({ multiRegion, deletedAt, state }: LiveKey): number => {
    const isOfKind = (multiRegion?.kind === "replica") === (key.kind === "replica");
    const isGoing = deletedAt !== undefined || state === "PendingReplicaDeletion";
    return (isOfKind ? 0 : 4) + (isGoing ? 2 : 0) + (state === "Enabled" ? 0 : 1);
  };
  return (a, b) => rank(a) - rank(b) || oldestFirst(a, b);
}

export function oldestFirst(a: LiveKey, b: LiveKey): number {
  return nameOrder(a.createdAt, b.createdAt) || nameOrder(a.keyId, b.keyId);
}
