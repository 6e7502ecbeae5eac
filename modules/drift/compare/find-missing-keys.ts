import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyFamilies } from "../match/key-families";
import type { KeyMatches } from "../match/match-keys";
import { addressesOfKey } from "./addresses-of-key";
import { keyPlace } from "./key-place";

/**
 * Reviewed keys that are not in AWS. A replica goes with its key: that it is missing as well has no cause of its own, and neither has
 * the replica of a key that AWS has as a single-Region one.
 */
export function findMissingKeys({ missing }: KeyMatches, families: KeyFamilies, context: DriftContext): Drift[] {
  const all = new Set(missing);
  return missing.flatMap((key): Drift[] => {
    const common = { place: keyPlace(key, context), subject: { reviewedKey: key } };
    if (key.kind === "key") {
      const replicas = families.replicasOf(key).filter((replica) => all.has(replica));
      const regions = [key, ...replicas].map(({ region }) => region);
      const why = `AWS has no key in ${regions.join(", ")} that is the reviewed one: none has its tags and description, and its alias leads to none`;
      return [
        {
          id: "key-missing",
          ...common,
          detail: replicas.map(({ region }) => `replica in ${region}`),
          why,
          goneAlong: [key, ...replicas].flatMap(addressesOfKey),
        },
      ];
    }
    const primary = families.primaryOf(key);
    if (primary !== undefined && all.has(primary)) return [];
    const live = families.pairOfPrimary(key)?.live;
    if (live !== undefined && live.multiRegion === undefined) return [];
    const why = `AWS has no replica${live === undefined ? "" : ` of key ${live.keyId}`} in ${key.region}: nothing can be decrypted there`;
    return [{ id: "replica-missing", ...common, detail: [], why, goneAlong: addressesOfKey(key) }];
  });
}
