import { nameOrder } from "../aws/name-order";
import { severities } from "../findings/finding";
import type { ReviewChange } from "./review";

/** Most risky first, then by id and place: the same order on every machine. */
export function sortChanges(changes: readonly ReviewChange[]): ReviewChange[] {
  return [...changes].sort(
    (a, b) =>
      severities.indexOf(a.risk) - severities.indexOf(b.risk) ||
      nameOrder(a.id, b.id) ||
      nameOrder(a.place.stack, b.place.stack) ||
      nameOrder(a.place.resource, b.place.resource) ||
      nameOrder(a.detail, b.detail) ||
      nameOrder(a.place.regions.join(" "), b.place.regions.join(" ")) ||
      nameOrder(a.place.address ?? "", b.place.address ?? "") ||
      nameOrder(a.what, b.what),
  );
}
