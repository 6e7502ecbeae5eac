import { containsPath, ousOf, type ZoneBoundaries, type ZoneBoundary } from "../access/zone-boundary";
import { uniqueNames } from "../aws/name-order";
import type { Severity } from "../findings/finding";
import type { ReviewChange } from "./review";
import type { ReviewContext } from "./review-context";

/**
 * Where zones end elsewhere by the map alone. Who comes into a zone so is inside of its walls from then on, whether the account has a
 * stack or not: what is given to it later is no gain of somebody outside.
 *
 * @param told ids of accounts whose own stacks tell it
 */
export function compareZones(context: ReviewContext, told: ReadonlySet<string>): ReviewChange[] {
  const { zones, zonesBefore } = context;
  if (zones === zonesBefore) return [];
  return [
    ...accountChanges(context, told),
    ...zones.all.flatMap((zone) => [...ouChanges(zone, context), ...regionChanges(zone, context)]),
  ];
}

function accountChanges({ zones, zonesBefore, base, head }: ReviewContext, told: ReadonlySet<string>): ReviewChange[] {
  const ids = [zones, zonesBefore].flatMap((side) => side.all.flatMap(({ accounts }) => [...accounts.keys()]));
  return uniqueNames(ids).flatMap((id): ReviewChange[] => {
    const [from, to] = [zonesBefore.ofAccount(id), zones.ofAccount(id)];
    const zone = to ?? from;
    if (zone === undefined || told.has(id) || from?.name === to?.name) return [];
    if (from !== undefined && to !== undefined && isRenamedZone(from.name, to.name, { zones, zonesBefore })) return [];
    const name = zone.accounts.get(id) ?? id;
    const [stack = ""] = [...head.stacksOf(id), ...base.stacksOf(id)];
    const what =
      to === undefined
        ? `is no longer in zone ${zone.name}, nor in any other: whatever it keeps of the zone, somebody outside has`
        : `${from === undefined ? "is new in" : `goes from zone ${from.name} to`} zone ${to.name}: whoever is in it is inside of the zone`;
    return [
      {
        ...changeOf(zone, "high", `account ${name}`, what),
        place: { ...placeOf(zone, `account ${name}`), account: name, accountId: id, stack },
        detail: `${from?.name ?? "none"} to ${to?.name ?? "none"} ${id}`,
      },
    ];
  });
}

/** Policies let in what is below an OU, accounts that nobody has made yet included. */
function ouChanges(zone: ZoneBoundary, { zones, zonesBefore }: ReviewContext): ReviewChange[] {
  const former = formerZone(zone, { zones, zonesBefore });
  if (former === undefined) return [];
  return ousOf(zone).flatMap(({ id, path, idPath }): ReviewChange[] => {
    const isWhole = zone.wholeOus.some((ou) => ou.id === id);
    if (containsPath(former, isWhole ? `${idPath}*` : idPath)) return [];
    const other = zonesBefore.all.find((each) => each !== former && containsPath(each, idPath));
    const what = `${other === undefined ? "is new in" : `goes from zone ${other.name} to`} zone ${zone.name}: whatever is in it is inside of the zone`;
    return [
      { ...changeOf(zone, other === undefined ? "high" : "critical", `OU ${path} (${id})`, what), detail: `OU ${id}` },
    ];
  });
}

function regionChanges(zone: ZoneBoundary, context: ReviewContext): ReviewChange[] {
  const former = formerZone(zone, context);
  if (former === undefined) return [];
  return zone.regions
    .filter((region) => !former.regions.includes(region))
    .map((region) => ({
      ...changeOf(zone, "high", `zone ${zone.name}`, `may have keys and replicas in ${region} as well`),
      detail: `Region ${region}`,
    }));
}

/** What a zone was; undefined for one that is new, whose accounts say where they come from. */
function formerZone(zone: ZoneBoundary, { zones, zonesBefore }: Zones): ZoneBoundary | undefined {
  return (
    zonesBefore.named(zone.name) ??
    zonesBefore.all.find(({ name }) => isRenamedZone(name, zone.name, { zones, zonesBefore }))
  );
}

type Zones = Pick<ReviewContext, "zones" | "zonesBefore">;

function changeOf(zone: ZoneBoundary, risk: Severity, resource: string, what: string): ReviewChange {
  return {
    id: "zone-changed",
    risk,
    place: placeOf(zone, resource),
    detail: "",
    what,
    whatToDo: "make sure that whoever answers for the zone means it",
    access: [],
    lines: [],
  };
}

function placeOf({ name, organization, partition }: ZoneBoundary, resource: string): ReviewChange["place"] {
  return {
    organization,
    account: undefined,
    accountId: undefined,
    partition,
    zone: name,
    regions: [],
    // It stands in the map, and in no stack.
    stack: "",
    address: undefined,
    resource,
  };
}

/** All that one zone had is in the other, of which nobody had heard. */
export function isRenamedZone(from: string, to: string, { zones, zonesBefore }: Zones): boolean {
  const [old, fresh] = [zonesBefore.named(from), zones.named(to)];
  if (old === undefined || fresh === undefined) return false;
  if (zones.named(from) !== undefined || zonesBefore.named(to) !== undefined) return false;
  return isIn(old, zones, fresh) && isIn(fresh, zonesBefore, old);
}

/** Whether the other side has every account of a zone in one, as far as it knows it. */
function isIn({ accounts }: ZoneBoundary, side: ZoneBoundaries, zone: ZoneBoundary): boolean {
  return [...accounts.keys()].every((id) => side.ofAccount(id) === zone || side.ofAccount(id) === undefined);
}
