import { groupedBy } from "../aws/grouped-by";
import { nameOrder, uniqueNames } from "../aws/name-order";
import { sortedJson } from "../continuity/sorted-json";
import type { ComparedChange } from "./comparer";
import type { ReviewedAccess } from "./review";

/** What is the same in several Regions of one key, once: in name order of the Regions. */
export function mergeRegions(changes: readonly ComparedChange[]): ComparedChange[] {
  return merged(changes, withoutRegions, (all) => {
    const [first] = [...all].sort((a, b) => nameOrder(regionsText(a), regionsText(b)));
    if (first === undefined) throw new Error("a group has no change");
    return {
      ...first,
      place: { ...first.place, regions: uniqueNames(all.flatMap(({ place }) => place.regions)) },
      access: mergeAccess(all.flatMap(({ access }) => access)),
      lines: all.flatMap(({ lines }) => lines),
      explains: all.flatMap(({ explains }) => explains),
    };
  });
}

/** Access that is the same but for its Regions, once. */
export function mergeAccess(accesses: readonly ReviewedAccess[]): ReviewedAccess[] {
  return merged(
    accesses,
    ({ regions: _, ...rest }) => rest,
    (all) => {
      const [first] = all;
      if (first === undefined) throw new Error("a group has no access");
      return { ...first, regions: uniqueNames(all.flatMap(({ regions }) => regions)) };
    },
  );
}

/** Everything that two Regions of one change share. */
function withoutRegions({ place, access, lines: _lines, explains: _explains, ...rest }: ComparedChange): unknown {
  const { regions, address: _address, ...shared } = place;
  const alike = access.map(({ regions: _regions, ...same }) => sortedJson(same)).sort(nameOrder);
  // What is in no Region has only its address to be told apart by.
  return regions.length === 0 ? { ...rest, place, alike } : { ...rest, shared, alike };
}

function regionsText({ place }: ComparedChange): string {
  return place.regions.join(" ");
}

function merged<Item>(
  items: readonly Item[],
  same: (item: Item) => unknown,
  one: (all: readonly Item[]) => Item,
): Item[] {
  return [...groupedBy(items, (item) => sortedJson(same(item))).values()].map(one);
}
