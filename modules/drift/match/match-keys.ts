import type { LiveKey, LiveRegion } from "../../live/live-account";
import type { RestingKey } from "../reviewed/resting-key";
import type { ReviewedKey } from "../reviewed/reviewed-key";
import { bestFirst, hasIdentity, isLike, oldestFirst } from "./key-resemblance";
import { type KeyRule, Matching, type RestingRule } from "./matching";
import { isLikeResting, isStillResting } from "./resting-key-match";

/** Which key in AWS is which reviewed one. */
export interface KeyMatches {
  readonly pairs: readonly KeyPair[];
  /** Reviewed keys that no key in AWS is. */
  readonly missing: readonly ReviewedKey[];
  /** Reviewed keys of which nobody can tell: their Region could not be read, or a key there that may be it. */
  readonly unchecked: readonly ReviewedKey[];
  /** Keys that Terraform let go of, and that AWS still has. */
  readonly resting: readonly RestingPair[];
  /** Keys in AWS that no reviewed one is. */
  readonly unmanaged: readonly UnmanagedKey[];
}

export interface KeyPair {
  readonly reviewed: ReviewedKey;
  readonly live: LiveKey;
  readonly region: string;
}

export interface RestingPair {
  readonly resting: RestingKey;
  readonly live: LiveKey;
  readonly region: string;
}

export interface UnmanagedKey {
  readonly live: LiveKey;
  readonly region: string;
  /** The reviewed key whose identity tags and description it carries as well: a second one of it. */
  readonly twinOf: ReviewedKey | undefined;
  /** The reviewed multi-Region key that it is a replica of, or the primary. */
  readonly relatedTo: ReviewedKey | undefined;
}

/**
 * Reviewed JSON has no ids, and states are not read: a key is known by what it carries. The surest rule goes first, for all keys, so
 * that none takes what is more surely another's. A key that has lost its names and its tags is missing, and an unmanaged one.
 *
 * @param regions as AWS has them; what could not be read is nobody's
 * @param resting keys that are let go of: before tags alone decide, because a key that replaces one may carry the same
 */
export function matchKeys(
  reviewed: readonly ReviewedKey[],
  regions: readonly LiveRegion[],
  resting: readonly RestingKey[],
): KeyMatches {
  const matching = new Matching(reviewed, regions);
  matching.match(byImport);
  matching.match(byAliasAndIdentity);
  for (const rule of restingRules) matching.matchResting(resting, rule);
  matching.match(byIdentity);
  matching.match(byAlias);
  matching.match(byDescription);
  return matching.result();
}

const byImport: KeyRule = ({ importId }, region) => (importId === undefined ? undefined : region.free(importId));

const byAliasAndIdentity: KeyRule = (key, region) => region.behind(key.aliases).find((live) => hasIdentity(key, live));

const byIdentity: KeyRule = (key, region) =>
  region
    .describedAs(key.description)
    .filter((live) => hasIdentity(key, live))
    .sort(bestFirst(key))[0];

/** An alias is moved in a moment: what it leads to has to be like the key, or nobody would see that the key is gone. */
const byAlias: KeyRule = (key, region) => region.behind(key.aliases).find((live) => isLike(key, live));

/** Of keys whose tags nobody may read: their description is all that they carry. */
const byDescription: KeyRule = ({ description }, region) =>
  description === ""
    ? undefined
    : region
        .describedAs(description)
        .filter(({ tags }) => "unread" in tags)
        .sort(oldestFirst)[0];

/** An alias is moved in a moment: the key with the id of its family goes before what is behind one, and so does the only one that is like it. */
const restingBehindAlias: RestingRule = (key, region, { aliases, relatedIds, isReviewed }) => {
  const behind = region.behind(aliases).filter((live) => isStillResting(key, live));
  if (relatedIds.length > 0) return behind.find(({ keyId }) => relatedIds.includes(keyId));
  const alike = behind.find((live) => isLikeResting(key, live));
  if (alike !== undefined || behind.length === 0) return alike;
  const others = region.all().filter((live) => isLikeResting(key, live) && !isReviewed(live));
  return others.sort(oldestFirst)[0] ?? behind[0];
};

const restingRules: readonly RestingRule[] = [
  restingBehindAlias,
  (_, region, { relatedIds }) => relatedIds.flatMap((id) => region.free(id) ?? [])[0],
  (key, region) =>
    region
      .all()
      .filter((live) => isLikeResting(key, live))
      .sort(oldestFirst)[0],
];
