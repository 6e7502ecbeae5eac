import { nameOrder } from "../../aws/name-order";
import type { Drift } from "../drift";

/** One order for the same differences, whatever the order in which AWS listed things. */
export function inDriftOrder(drifts: readonly Drift[]): Drift[] {
  return [...drifts].sort(
    (a, b) =>
      nameOrder(a.place.region ?? "", b.place.region ?? "") ||
      nameOrder(a.place.resource, b.place.resource) ||
      nameOrder(a.id, b.id) ||
      nameOrder(a.place.address ?? "", b.place.address ?? "") ||
      nameOrder(a.detail.join(" "), b.detail.join(" ")),
  );
}
