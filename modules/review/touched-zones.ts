import { nameOrder } from "../aws/name-order";
import type { ReviewChange, TouchedZone } from "./review";
import type { ReviewId } from "./review-ids";

/** What keeps a zone apart is another by these. */
const walls: ReadonlySet<ReviewId> = new Set([
  "access-gained-outside",
  "access-unreadable",
  "deploy-access-changed",
  "guardrail-added",
  "guardrail-denies-less",
  "guardrail-denies-more",
  "guardrail-removed",
  "guardrail-targets-added",
  "guardrail-targets-removed",
  "key-outside-residency",
  "stack-unreadable",
  "state-moved",
  "zone-changed",
]);

interface TouchedParts {
  readonly stacks: Set<string>;
  /** Names of the sums. */
  readonly sums: Set<string>;
  changes: number;
  wall: boolean;
}

/** Counts what is another in each zone, without keeping it. */
export class TouchedZones {
  readonly #zones = new Map<string, TouchedParts>();

  /** @param sum what the change is summed up under, to be counted once in each zone; undefined for one that stands by itself */
  add({ id, place, access }: ReviewChange, sum?: string): void {
    const ofKeys = access.filter(({ zone }) => zone !== place.zone);
    for (const zone of new Set([place.zone, ...ofKeys.map((each) => each.zone)])) {
      if (zone !== undefined) this.#touch(zone, place.stack, walls.has(id), sum);
    }
  }

  /** The zone that an account left is touched as the one that it is in. */
  addFormer(zone: string, stack: string): void {
    this.#touch(zone, stack, true);
  }

  #touch(name: string, stack: string, wall: boolean, sum?: string): void {
    const zone = this.#zones.get(name) ?? { stacks: new Set(), sums: new Set(), changes: 0, wall: false };
    if (stack !== "") zone.stacks.add(stack);
    if (sum === undefined) zone.changes += 1;
    else zone.sums.add(sum);
    zone.wall ||= wall;
    this.#zones.set(name, zone);
  }

  zones(): TouchedZone[] {
    return [...this.#zones]
      .map(([zone, { stacks, sums, changes, wall }]) => ({
        zone,
        stacks: stacks.size,
        changes: changes + sums.size,
        wall,
      }))
      .sort((a, b) => nameOrder(a.zone, b.zone));
  }
}
