import type { LiveRegion } from "../../live/live-account";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import { KeyFamilies } from "../match/key-families";
import type { KeyMatches } from "../match/match-keys";
import type { ReviewedKey } from "../reviewed/reviewed-key";
import { compareAliases } from "./compare-aliases";
import { compareKeyKind } from "./compare-key-kind";
import { compareKeyState } from "./compare-key-state";
import { compareReplicas } from "./compare-replicas";
import { compareRestingKeys } from "./compare-resting-keys";
import { compareRotation } from "./compare-rotation";
import { compareDescription, compareTags } from "./compare-tags";
import { inDriftOrder } from "./drift-order";
import { findMissingKeys } from "./find-missing-keys";

/**
 * Kinds, states, rotation, tags and descriptions of keys, their replicas and their aliases; policies and grants have files of their
 * own. What could not be read is compared with nothing: that it is unchecked is told once, by whoever has read it.
 */
export function compareKeys(
  reviewed: readonly ReviewedKey[],
  regions: readonly LiveRegion[],
  matches: KeyMatches,
  context: DriftContext,
): Drift[] {
  const families = new KeyFamilies(matches);
  const byName = new Map(regions.map((each) => [each.region, each]));
  return inDriftOrder([
    ...findMissingKeys(matches, families, context),
    ...matches.pairs.flatMap((pair) => {
      const primary = families.pairOfPrimary(pair.reviewed);
      return [
        ...compareKeyKind(pair, primary, context),
        ...compareKeyState(pair, primary, byName.get(pair.region), context),
        ...compareRotation(pair, context),
        ...compareTags(pair, context),
        ...compareDescription(pair, context),
      ];
    }),
    ...compareReplicas(matches, regions, families, context),
    ...regions.flatMap((region) => compareAliases(reviewed, region, matches, context)),
    ...compareRestingKeys(matches, context),
  ]);
}
