import { type AccessChange, gainsFromOutside } from "../../access/access-change";
import { actionsText } from "../../access/key-actions";
import { nameOrder, uniqueNames } from "../../aws/name-order";
import type { LiveKey, LiveRegion } from "../../live/live-account";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyMatches, UnmanagedKey } from "../match/match-keys";
import { isServiceGrant } from "../match/service-grant";
import { placeIn } from "../place-in";
import { accessOfKey } from "./live-access";

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
    .map((key) => ofKey(key, (names.get(`${key.region} ${key.live.keyId}`) ?? []).toSorted(nameOrder), context));
}

function ofKey(key: UnmanagedKey, aliases: readonly string[], context: DriftContext): Drift {
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
    why: `${asWhat}: ${keyText(live)}${partsText(key, aliases, context)}${outsidersText(outsiders)}`,
    ...(gainsFromOutside(outsiders) ? { severity: "critical" as const } : {}),
    access: outsiders,
    subject,
  };
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

function outsidersText(outsiders: readonly AccessChange[]): string {
  const [only] = outsiders;
  if (only === undefined) return "";
  const whom = uniqueNames(outsiders.map(({ outside }) => outside ?? ""));
  const actions = uniqueNames(outsiders.flatMap((change) => change.actions));
  return `; it lets ${whom.join(" and ")} do ${actionsText(actions)}`;
}
