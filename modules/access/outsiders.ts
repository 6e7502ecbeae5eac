import type { PrincipalBounds } from "./principal-bounds";
import type { ZoneBoundaries, ZoneBoundary } from "./zone-boundary";

/** Those of some principals who are, or may be, outside a zone. */
export interface Outsiders {
  /** `account shop-prod (210000000001) of zone corporate`, or `anybody` where nothing bounds them. */
  readonly whom: string;
  /** `: no condition says for whom sns.amazonaws.com acts`, for the end of the sentence; empty where it is plain. */
  readonly because: string;
}

/** @returns undefined when everybody is in the zone for certain */
export function outsidersOf(bounds: PrincipalBounds, zone: ZoneBoundary, zones: ZoneBoundaries): Outsiders | undefined {
  const places = zones.outside({ ...bounds, unbounded: [] }, zone);
  const anybody = bounds.unbounded.length > 0 ? ["anybody"] : [];
  const whom = [...anybody, ...places];
  if (whom.length === 0) return undefined;
  return {
    whom: whom.join(" and "),
    because: bounds.unbounded.length > 0 ? `: ${bounds.unbounded.join("; ")}` : "",
  };
}
