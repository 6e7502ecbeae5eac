import type { PartitionName } from "../aws/partition";
import { outsidersOf } from "./outsiders";
import type { PrincipalBounds } from "./principal-bounds";
import type { ZoneBoundaries, ZoneBoundary } from "./zone-boundary";

/** Access that somebody has gained or lost, from one policy, or one set of grants, to another. */
export interface AccessChange {
  readonly effect: "gains" | "loses";
  /** An ARN, `account 310000000001`, a service's name, `anybody`. */
  readonly who: string;
  /** `kms:Decrypt`, in name order; a pattern where no action is known that it means. */
  readonly actions: readonly string[];
  /** `statement UsePaymentsApi`, `grant …`, `statement DenyOutside, which is gone`. */
  readonly through: string;
  /** Those of them who are, or may be, outside the key's zone, in words; undefined when nobody is. */
  readonly outside: string | undefined;
}

/** Where the key is that access is about. */
export interface ChangePlace {
  /** Empty for a policy that is in no Region. */
  readonly region: string;
  readonly partition: PartitionName;
  readonly zone: ZoneBoundary;
  readonly zones: ZoneBoundaries;
}

/** Whether somebody gains who is, or may be, outside the zone. */
export function gainsFromOutside(changes: readonly AccessChange[]): boolean {
  return changes.some(({ effect, outside }) => effect === "gains" && outside !== undefined);
}

/** `account shop-prod (210000000001) of zone corporate`; undefined when everybody is in the zone for certain. */
export function outsideWords(bounds: PrincipalBounds, { zone, zones }: ChangePlace): string | undefined {
  const outsiders = outsidersOf(bounds, zone, zones);
  return outsiders === undefined ? undefined : `${outsiders.whom}${outsiders.because}`;
}
