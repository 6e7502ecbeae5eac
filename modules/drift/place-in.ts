import type { ZoneBoundary } from "../access/zone-boundary";
import type { DriftPlace } from "./drift";
import type { DriftContext } from "./drift-context";

/** An account, and the zone that what is in it belongs to: the account's own, but for what an account keeps for another zone. */
interface PlacingAccount extends Pick<DriftContext, "account" | "accountId" | "partition"> {
  readonly zone: Pick<ZoneBoundary, "name">;
}

/**
 * A place of the account that is read.
 *
 * @param at in it, as far as it is in a stack and in a Region
 * @param resource what people call it
 */
export function placeIn(
  { account, accountId, partition, zone }: PlacingAccount,
  { stack, address, region }: Pick<DriftPlace, "stack" | "address" | "region">,
  resource: string,
): DriftPlace {
  return { account, accountId, partition, zone: zone.name, region, stack, address, resource };
}
