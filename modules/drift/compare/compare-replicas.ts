import { gainsFromOutside } from "../../access/access-change";
import { uniqueNames } from "../../aws/name-order";
import type { LiveRegion } from "../../live/live-account";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyFamilies } from "../match/key-families";
import type { KeyMatches, KeyPair, UnmanagedKey } from "../match/match-keys";
import { placeIn } from "../place-in";
import type { ReviewedKey } from "../reviewed/reviewed-key";
import { keyPlace } from "./key-place";
import { accessOfKey } from "./live-access";

/** Replicas that nobody reviewed, and primaries that are somewhere else. */
export function compareReplicas(
  matches: KeyMatches,
  regions: readonly LiveRegion[],
  families: KeyFamilies,
  context: DriftContext,
): Drift[] {
  const found = matches.unmanaged.flatMap(({ relatedTo, ...each }): ExtraReplica[] =>
    relatedTo === undefined ? [] : [{ ...each, of: relatedTo }],
  );
  const told = matches.pairs.flatMap((pair) => toldOf(pair, regions, families));
  return [
    ...[...found, ...told].map((extra) => extraReplica(extra, context)),
    ...matches.pairs.flatMap((pair) => movedPrimary(pair, families, context)),
  ];
}

/** The key itself is not known where its Region is none of the organization's: only its primary tells of it. */
type ExtraReplica = Pick<UnmanagedKey, "region"> & Partial<Pick<UnmanagedKey, "live">> & { readonly of: ReviewedKey };

/** Regions in which nobody looks, because the organization has none of them. */
function toldOf(pair: KeyPair, regions: readonly LiveRegion[], families: KeyFamilies): ExtraReplica[] {
  const { reviewed, live } = pair;
  if (live.multiRegion === undefined || !speaksForAll(pair, families)) return [];
  const looked = new Set([...families.withRelated(reviewed), ...regions].map(({ region }) => region));
  const { replicas, primaryRegion } = live.multiRegion;
  return uniqueNames([primaryRegion, ...replicas])
    .filter((region) => !looked.has(region))
    .map((region) => ({ region, of: reviewed }));
}

/** What related keys all know is told once: by the key itself where it was found, otherwise by the first of its replicas. */
function speaksForAll({ reviewed }: KeyPair, families: KeyFamilies): boolean {
  return families.withRelated(reviewed).find((each) => families.pairOf(each) !== undefined) === reviewed;
}

function extraReplica({ live, region, of }: ExtraReplica, context: DriftContext): Drift {
  const isAllowed = context.zone.regions.includes(region);
  const name = of.aliases[0]?.name ?? of.address;
  const place = placeIn(context, { stack: of.stack, address: undefined, region }, live?.keyId ?? name);
  const beyond = `, and zone ${context.zone.name} has its keys in ${context.zone.regions.join(", ")} alone`;
  const access =
    live === undefined ? [] : accessOfKey(live, region, context).filter(({ outside }) => outside !== undefined);
  return {
    id: isAllowed ? "replica-extra" : "replica-forbidden-region",
    place,
    detail: [`replica of ${of.address}`],
    why: `${name} of ${of.region} has a replica in ${region} that nobody reviewed${isAllowed ? "" : beyond}`,
    ...(gainsFromOutside(access) ? { severity: "critical" as const } : {}),
    access,
    subject: { reviewedKey: of, ...(live === undefined ? {} : { key: live }) },
  };
}

function movedPrimary(pair: KeyPair, families: KeyFamilies, context: DriftContext): Drift[] {
  const { reviewed, live } = pair;
  const key = reviewed.kind === "key" ? reviewed : families.primaryOf(reviewed);
  const primaryRegion = live.multiRegion?.primaryRegion ?? key?.region;
  if (key === undefined || primaryRegion === key.region || !speaksForAll(pair, families)) return [];
  return [
    {
      id: "primary-moved",
      place: keyPlace(reviewed, context),
      detail: [],
      why: `the primary of key ${live.keyId} is in ${primaryRegion}, reviewed is ${key.region}`,
      subject: { reviewedKey: key, key: live },
    },
  ];
}
