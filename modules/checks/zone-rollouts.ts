import type { AccountPlace } from "../access/access-index";
import type { StackStackSet, SynthesizedStack } from "../access/synthesized-stack";
import { ousOf, type ZoneBoundaries, type ZoneBoundary } from "../access/zone-boundary";
import { zoneOfStack } from "./evidence/stack-zone";
import type { Check, Violation } from "./frame/check";

/**
 * A StackSet on an OU goes to every account below it, those of tomorrow too: the OU has to be the zone's with everything
 * below. Without instances it goes nowhere.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html
 */
export const check: Check = {
  id: "zone-rollouts",
  kind: "proof",
  severity: "critical",
  requirement: "Every StackSet goes to accounts and OUs of one zone, the zone of its stack.",
  reason:
    "A StackSet writes keys and key policies of its own: in another zone's account it is a hole in that zone's wall.",
  fix: "target OUs that are the zone's with everything below, and a StackSet of its own for each zone",
  inOutput: ({ index, zones }) => {
    const stacks = index.stacks.filter(({ stackSets }) => stackSets.length > 0);
    const paths = stacks.length === 0 ? new Map() : pathsOfOus(index.places);
    return stacks.flatMap((stack) =>
      stack.stackSets.flatMap((stackSet) => strayTargets(stack, stackSet, zones, paths)),
    );
  },
};

/** By OU id: the ids from the root down to it, of every OU that has an account below. */
type OuPaths = ReadonlyMap<string, readonly string[]>;

function pathsOfOus(places: ReadonlyMap<string, AccountPlace>): OuPaths {
  const paths = new Map<string, readonly string[]>();
  for (const { path } of places.values()) {
    for (const [depth, id] of path.entries()) paths.set(id, path.slice(0, depth + 1));
  }
  return paths;
}

function strayTargets(
  stack: SynthesizedStack,
  stackSet: StackStackSet,
  zones: ZoneBoundaries,
  paths: OuPaths,
): Violation[] {
  const zone = zoneOfStack(stack, zones)?.zone;
  const at = (target: string, why: string): Violation => ({
    stack,
    address: stackSet.address,
    detail: [target],
    why,
    place: stackSet,
  });
  const ous = [...new Set(stackSet.ous)];
  const accounts = [...new Set(stackSet.accountIds)];
  if (zone === undefined) {
    return [...ous, ...accounts].map((id) => at(id, `goes to ${id}, and its stack is of no zone that the map knows`));
  }
  return [
    ...ous
      .filter((id) => !containsOu(zone, id, paths))
      .map((id) => at(id, `is of zone ${zone.name} and goes to ${describeOu(id, zone, zones, paths)}`)),
    ...accounts
      .filter((id) => !zone.accounts.has(id))
      .map((id) => at(id, `is of zone ${zone.name} and goes to ${zones.describe(id)}`)),
  ];
}

function containsOu(zone: ZoneBoundary, id: string, paths: OuPaths): boolean {
  return zone.wholeOus.some((ou) => ou.id === id || paths.get(id)?.includes(ou.id) === true);
}

function describeOu(id: string, zone: ZoneBoundary, zones: ZoneBoundaries, paths: OuPaths): string {
  if (id.startsWith("r-")) return `root ${id}, with every account of the organization`;
  const others = zones.all
    .filter((other) => other !== zone && ousOf(other).some((ou) => meet(ou.idPath, id, paths)))
    .map((other) => other.name);
  const own = zone.ownOus.find((ou) => ou.id === id);
  const name = own === undefined ? `OU ${id}` : `OU ${own.path} (${id})`;
  return others.length === 0
    ? `${name}, which the map does not have as one of the zone's with everything below`
    : `${name}, which reaches zone ${others.join(" and zone ")}`;
}

/** One of them is the other, or somewhere below it. */
function meet(idPath: string, id: string, paths: OuPaths): boolean {
  const ids = idPath.split("/");
  return ids.includes(id) || paths.get(id)?.includes(ids.at(-2) ?? "") === true;
}
