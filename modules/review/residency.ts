import type { StackKey } from "../access/synthesized-stack";
import type { ComparedChange, Comparer } from "./comparer";
import { keyWords } from "./key-words";
import { listedNames } from "./listed-names";
import { placeIn, zoneOf } from "./review-context";

/** Keys and replicas in Regions that are not their zone's: what a zone says about where its data may be is no longer so. */
export const compareResidency: Comparer = (pair, context) => {
  const { before, after } = pair;
  if (after === undefined) return [];
  const zone = zoneOf(after, context.zones);
  const former = before === undefined ? undefined : zoneOf(before, context.zonesBefore);
  if (zone === undefined) return [];
  const outsideBefore =
    former === undefined ? [] : (before?.keys ?? []).filter((key) => isOutside(key, former.regions));
  const was = new Set(outsideBefore.map(placeOf));
  return after.keys
    .filter((key) => isOutside(key, zone.regions) && !was.has(placeOf(key)))
    .map((key): ComparedChange => {
      const resource = keyWords(key, after);
      const isThere = before?.keys.some((other) => placeOf(other) === placeOf(key)) === true;
      const how = isThere ? "stays in" : `${key.kind === "replica" ? "is replicated to" : "is made in"}`;
      return {
        id: "key-outside-residency",
        risk: "high",
        place: placeIn(pair, { regions: [key.region], address: key.address, resource }, context),
        detail: key.region,
        what: `${how} ${key.region}, where zone ${zone.name} may have no ${key.kind}: its Regions are ${listedNames(zone.regions)}${becauseOf(former?.name, zone.name)}`,
        whatToDo: `put it into one of the zone's Regions, or let the zone's owner add ${key.region} to them first`,
        access: [],
        lines: [{ side: "head", stack: after.name, path: key.path }],
        explains: [],
      };
    });
};

function becauseOf(former: string | undefined, zone: string): string {
  return former === undefined || former === zone ? "" : `, and its account was in zone ${former}`;
}

function isOutside({ region }: StackKey, regions: readonly string[]): boolean {
  return !regions.includes(region);
}

function placeOf({ address, region }: StackKey): string {
  return `${region} ${address}`;
}
