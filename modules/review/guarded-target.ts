import { type BoundaryOu, ousOf, type ZoneBoundaries, type ZoneBoundary } from "../access/zone-boundary";
import { listedNames } from "./listed-names";

/** What a policy of AWS Organizations is attached to. */
export interface GuardedTarget {
  /** `OU Regulated/PCI (ou-ab12-31000000)` */
  readonly name: string;
  /** Who is there, as the beginning of a clause: `account payments-prod is`, `everything below it, in zone pci, is`. */
  readonly reach: string;
}

/** @param target id of a root, an OU or an account */
export function guardedTarget(target: string, zones: ZoneBoundaries): GuardedTarget {
  if (target.startsWith("r-")) {
    return { name: `the root ${target} of the organization`, reach: "every account but the management account is" };
  }
  const ofAccount = zones.ofAccount(target);
  if (ofAccount !== undefined) {
    const account = ofAccount.accounts.get(target) ?? target;
    return { name: `account ${account} (${target})`, reach: `account ${account} of zone ${ofAccount.name} is` };
  }
  for (const zone of zones.all) {
    const ou = ousOf(zone).find(({ id }) => id === target);
    if (ou !== undefined) return { name: `OU ${ou.path} (${target})`, reach: reachOf(ou, zone) };
  }
  return { name: target, reach: "whatever is there, which the map has in no zone, is" };
}

/** Of a zone that is one OU the map says which accounts are below it. */
function reachOf(ou: BoundaryOu, zone: ZoneBoundary): string {
  const isWhole = zone.wholeOus.includes(ou);
  if (ousOf(zone).length > 1) {
    return `everything ${isWhole ? "below it" : "directly in it"}, in zone ${zone.name}, is`;
  }
  const names = [...zone.accounts.values()];
  return `${listedNames(names)} of zone ${zone.name} ${names.length === 1 ? "is" : "are"}`;
}
