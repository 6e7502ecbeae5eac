import type { LiveAlias, LiveRegion } from "../../live/live-account";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyMatches } from "../match/match-keys";
import { placeIn } from "../place-in";
import type { ReviewedAlias, ReviewedKey } from "../reviewed/reviewed-key";

/**
 * The names of keys in one Region. Those of keys that nobody reviewed are told with their keys, those of keys that Terraform let go of
 * are nobody's business, and those of a key that is missing went with it: unless another key has them now.
 */
export function compareAliases(
  reviewed: readonly ReviewedKey[],
  { region, keys, aliases }: LiveRegion,
  matches: KeyMatches,
  context: DriftContext,
): Drift[] {
  if ("unread" in aliases) return [];
  const here = reviewed.filter((key) => key.region === region);
  const byName = new Map(aliases.value.map((alias) => [alias.name, alias]));
  const managed = new Map(
    matches.pairs.flatMap((pair) => (pair.region === region ? [[pair.reviewed, pair.live] as const] : [])),
  );
  const missing = new Set(matches.missing);
  const ofReviewed = here.flatMap((key) =>
    key.aliases.flatMap((alias): Drift[] => {
      const live = managed.get(key);
      const found = byName.get(alias.name);
      const drift = live === undefined ? taken(missing.has(key), found) : moved(live.keyId, found);
      if (drift === undefined) return [];
      const [id, why] = drift;
      const subject = {
        reviewedKey: key,
        aliasName: alias.name,
        ...(live === undefined ? {} : { key: live }),
        ...(found === undefined ? {} : { alias: found }),
      };
      return [{ id, place: aliasPlace(key, alias, context), detail: [], why, subject }];
    }),
  );
  const names = new Set(here.flatMap((key) => key.aliases.map(({ name }) => name)));
  const owners = new Map([...managed].map(([key, live]) => [live.keyId, { key, live }]));
  const listed = "value" in keys ? new Set(keys.value.map(({ keyId }) => keyId)) : undefined;
  const others = aliases.value.flatMap((alias): Drift[] => {
    if (names.has(alias.name)) return [];
    const owner = owners.get(alias.keyId ?? "");
    const isDangling = alias.keyId === undefined || listed?.has(alias.keyId) === false;
    if (owner === undefined && !isDangling) return [];
    const place = placeIn(context, { stack: owner?.key.stack, address: undefined, region }, alias.name);
    const why =
      owner === undefined
        ? `nobody reviewed the alias, and it leads to ${alias.keyId === undefined ? "no key" : `key ${alias.keyId}, which is not there`}`
        : `nobody reviewed the alias of key ${alias.keyId}, which is ${owner.key.aliases[0]?.name ?? owner.key.address}`;
    const subject = { alias, ...(owner === undefined ? {} : { reviewedKey: owner.key, key: owner.live }) };
    return [{ id: "alias-unmanaged", place, detail: [], why, subject }];
  });
  return [...ofReviewed, ...others];
}

/** Of a key that is there. */
function moved(keyId: string, found: LiveAlias | undefined): readonly [Drift["id"], string] | undefined {
  if (found === undefined) return ["alias-missing", `AWS has no such alias, reviewed is one of key ${keyId}`];
  if (found.keyId === keyId) return undefined;
  return ["alias-moved", `the alias leads to ${wordsFor(found)}, reviewed is key ${keyId}`];
}

/** Of a key that is not there. */
function taken(isMissing: boolean, found: LiveAlias | undefined): readonly [Drift["id"], string] | undefined {
  if (!isMissing || found?.keyId === undefined) return undefined;
  return ["alias-taken", `the alias leads to ${wordsFor(found)}, and the key that it is reviewed for is missing`];
}

function wordsFor({ keyId }: LiveAlias): string {
  return keyId === undefined ? "no key" : `key ${keyId}`;
}

function aliasPlace(key: ReviewedKey, { name, address }: ReviewedAlias, context: DriftContext): Drift["place"] {
  return placeIn(context, { stack: key.stack, address, region: key.region }, name);
}
