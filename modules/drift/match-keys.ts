import type { LiveKey, LiveRegion } from "../live/live-account";
import type { ReviewedKey } from "./reviewed-key";

/** Which key in AWS is which reviewed one. */
export interface KeyMatches {
  readonly pairs: readonly KeyPair[];
  /** Reviewed keys that no key in AWS is; none of a Region that could not be read. */
  readonly missing: readonly ReviewedKey[];
  /** Keys that Terraform has let go of, and that AWS still has. */
  readonly resting: readonly Pick<KeyPair, "live" | "region">[];
  /** Keys in AWS that no reviewed one is. */
  readonly unmanaged: readonly UnmanagedKey[];
}

export interface KeyPair {
  readonly reviewed: ReviewedKey;
  readonly live: LiveKey;
  readonly region: string;
}

export interface UnmanagedKey {
  readonly live: LiveKey;
  readonly region: string;
  /** The reviewed key whose identity tags and description it carries as well: a second one of it. */
  readonly twinOf: ReviewedKey | undefined;
  /** The reviewed multi-Region key that it is the replica of, or the primary. */
  readonly relatedTo: ReviewedKey | undefined;
}

/** @param regions as AWS has them; what could not be read is nobody's */
export function matchKeys(_reviewed: readonly ReviewedKey[], _regions: readonly LiveRegion[]): KeyMatches {
  return { pairs: [], missing: [], resting: [], unmanaged: [] };
}
