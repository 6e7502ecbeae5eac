import type { DriftPlace } from "./drift";
import type { DriftContext } from "./drift-context";

/**
 * A place of the account that is read.
 *
 * @param at in it, as far as it is in a stack and in a Region
 * @param resource what people call it
 */
export function placeIn(
  { account, accountId, partition, zone }: DriftContext,
  { stack, address, region }: Pick<DriftPlace, "stack" | "address" | "region">,
  resource: string,
): DriftPlace {
  return { account, accountId, partition, zone: zone.name, region, stack, address, resource };
}
