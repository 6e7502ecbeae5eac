import type { LiveGrant, LiveRegion } from "../live/live-account";
import type { DriftContext } from "./drift-context";
import { matchGrants } from "./match/match-grants";
import type { KeyMatches } from "./match/match-keys";
import { isServiceGrant } from "./match/service-grant";

/** How much of what is in AWS reviewed JSON has. */
export interface Coverage {
  readonly keys: Covered;
  readonly aliases: Covered;
  /** Without those that AWS services made for themselves. */
  readonly grants: Covered;
  /** Grants that AWS services made for themselves, and take back. */
  readonly serviceGrants: number;
}

export interface Covered {
  readonly managed: number;
  readonly total: number;
}

export const NOTHING_COVERED: Coverage = {
  keys: { managed: 0, total: 0 },
  aliases: { managed: 0, total: 0 },
  grants: { managed: 0, total: 0 },
  serviceGrants: 0,
};

/**
 * A key that was listed and may not be looked at counts as nobody's; what could not even be listed counts nowhere, and stands among
 * what is unread. Keys that Terraform has let go of are in reviewed JSON as such, with their aliases.
 */
export function coverageOf(
  regions: readonly LiveRegion[],
  { pairs, missing, resting, unmanaged }: KeyMatches,
  { zone }: DriftContext,
): Coverage {
  const here = new Set(regions.map(({ region }) => region));
  const keys = regions.map((region) => ("value" in region.keys ? region.keys.value.length : 0));
  const named = new Set(
    [...pairs.map(({ reviewed }) => reviewed), ...missing].flatMap(({ region, aliases }) =>
      aliases.map(({ name }) => `${region} ${name}`),
    ),
  );
  const letGo = new Set(resting.map(({ region, live }) => `${region} ${live.keyId}`));
  const aliases = regions.flatMap(({ region, aliases }) =>
    "value" in aliases ? aliases.value.map((alias) => ({ region, ...alias })) : [],
  );
  const grants = pairs.map(({ reviewed, live, region }) => {
    const [all, byService] = counted("value" in live.grants ? live.grants.value : [], region, zone);
    const { matched } = matchGrants(reviewed.grants, all);
    return { managed: matched.length, total: all.length, byService };
  });
  const others = [...resting, ...unmanaged].map(({ live, region }) => {
    const [all, byService] = counted("value" in live.grants ? live.grants.value : [], region, zone);
    return { managed: 0, total: all.length, byService };
  });
  const ofAll = [...grants, ...others];
  return {
    keys: { managed: [...pairs, ...resting].filter(({ region }) => here.has(region)).length, total: sum(keys) },
    aliases: {
      managed: aliases.filter(
        ({ region, name, keyId }) => named.has(`${region} ${name}`) || letGo.has(`${region} ${keyId}`),
      ).length,
      total: aliases.length,
    },
    grants: { managed: sum(ofAll.map(({ managed }) => managed)), total: sum(ofAll.map(({ total }) => total)) },
    serviceGrants: sum(ofAll.map(({ byService }) => byService)),
  };
}

/** Those that people made, and how many others there are. */
function counted(
  grants: readonly LiveGrant[],
  region: string,
  zone: DriftContext["zone"],
): readonly [people: readonly LiveGrant[], services: number] {
  const people = grants.filter((grant) => !isServiceGrant(grant, region, zone));
  return [people, grants.length - people.length];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
