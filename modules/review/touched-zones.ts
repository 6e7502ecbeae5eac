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

/** Counts what is another in each zone, without keeping it. */
export class TouchedZones {
  readonly #zones = new Map<
    string,
    { readonly stacks: Set<string>; readonly sums: Set<string>; changes: number; wall: boolean }
  >();

  /** @param sum the same for changes that are told, and counted, as one */
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
    if (sum === undefined || !zone.sums.has(sum)) zone.changes += 1;
    if (sum !== undefined) zone.sums.add(sum);
    zone.wall ||= wall;
    this.#zones.set(name, zone);
  }

  zones(): TouchedZone[] {
    return [...this.#zones]
      .map(([zone, { stacks, changes, wall }]) => ({ zone, stacks: stacks.size, changes, wall }))
      .sort((a, b) => nameOrder(a.zone, b.zone));
  }
}
