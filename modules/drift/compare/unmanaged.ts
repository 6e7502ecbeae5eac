import { type AccessChange, gainsFromOutside } from "../../access/access-change";
import { nameOrder } from "../../aws/name-order";
import type { LiveKey, LiveRegion } from "../../live/live-account";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyMatches, UnmanagedKey } from "../match/match-keys";
import { isServiceGrant } from "../match/service-grant";
import { placeIn } from "../place-in";
import { accessOfKey } from "./live-access";
import { outsidersText } from "./outsiders-text";

/**
 * Keys that no reviewed JSON has, and what their policies and grants let people from outside the zone do. Their aliases and grants
 * are told with them, as far as AWS tells these. What is the replica or the primary of a reviewed key is told with that one.
 */
export function findUnmanaged(regions: readonly LiveRegion[], matches: KeyMatches, context: DriftContext): Drift[] {
  const names = new Map<string, string[]>();
  for (const { region, aliases } of regions) {
    if (!("value" in aliases)) continue;
    for (const { name, keyId } of aliases.value) {
      const ofKey = names.get(`${region} ${keyId}`);
      if (ofKey === undefined) names.set(`${region} ${keyId}`, [name]);
      else ofKey.push(name);
    }
  }
  return matches.unmanaged
    .filter(({ relatedTo }) => relatedTo === undefined)
    .map((key) => {
      const aliases = (names.get(`${key.region} ${key.live.keyId}`) ?? []).toSorted(nameOrder);
      return ofKey(key, aliases, firstOf(key, matches), context);
    });
}

/** The key that was taken for the reviewed one, of which this is a second. */
function firstOf({ twinOf }: UnmanagedKey, { pairs }: KeyMatches): LiveKey | undefined {
  return twinOf === undefined ? undefined : pairs.find(({ reviewed }) => reviewed === twinOf)?.live;
}

function ofKey(
  key: UnmanagedKey,
  aliases: readonly string[],
  first: LiveKey | undefined,
  context: DriftContext,
): Drift {
  const { live, region, twinOf } = key;
  const resource = aliases[0] ?? live.keyId;
  const place = placeIn(context, { stack: undefined, address: undefined, region }, resource);
  const subject = { key: live, ...(twinOf === undefined ? {} : { reviewedKey: twinOf }) };
  const outsiders = accessOfKey(live, region, context).filter(({ outside }) => outside !== undefined);
  const asWhat =
    twinOf === undefined
      ? "is in no reviewed JSON"
      : `carries the identity tags and the description of ${twinOf.address} as well, and is another key`;
  return {
    id: twinOf === undefined ? "key-unmanaged" : "key-doubled",
    place,
    detail: [`key ${live.keyId}`],
    why: `${asWhat}: ${keyText(live)}${partsText(key, aliases, context)}${dangerText(live, first)}${outsidersText(outsiders)}`,
    ...severityOf(live, first, outsiders),
    access: outsiders,
    subject,
  };
}

/**
 * Whoever takes a key's names away and gives them to another has it deleted as an unmanaged one: what is under it nobody here knows,
 * and on that day it is lost. A second key that was there before the first is where the data is.
 */
function severityOf(
  live: LiveKey,
  first: LiveKey | undefined,
  outsiders: readonly AccessChange[],
): Pick<Drift, "severity"> {
  if (gainsFromOutside(outsiders) || losesData(live)) return { severity: "critical" };
  return isOlder(live, first) ? { severity: "high" } : {};
}

/** What is under a replica its primary can read. */
function losesData({ state, multiRegion }: LiveKey): boolean {
  return /^Pending(Replica)?Deletion$/.test(state) && multiRegion?.kind !== "replica";
}

function isOlder(live: LiveKey, first: LiveKey | undefined): boolean {
  return first !== undefined && live.createdAt < first.createdAt;
}

function dangerText(live: LiveKey, first: LiveKey | undefined): string {
  const day = live.deletedAt === undefined ? "" : ` on ${live.deletedAt.slice(0, 10)}`;
  return [
    ...(isOlder(live, first) ? [`; it was there before key ${first?.keyId}, and the data may be under it`] : []),
    ...(losesData(live) ? [`; AWS deletes it${day}, and all data under it is lost then`] : []),
  ].join("");
}

function keyText({ spec, usage, state, createdAt }: LiveKey): string {
  return `${spec} for ${usage}, ${state}, made on ${createdAt.slice(0, 10)}`;
}

function partsText({ live, region }: UnmanagedKey, aliases: readonly string[], { zone }: DriftContext): string {
  const grants = "value" in live.grants ? live.grants.value : [];
  const made = grants.filter((grant) => !isServiceGrant(grant, region, zone)).length;
  const parts = [...aliases, ...(made === 0 ? [] : [`${made} ${made === 1 ? "grant" : "grants"}`])];
  return parts.length === 0 ? "" : `, with ${parts.join(", ")}`;
}
