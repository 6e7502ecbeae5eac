import type { DriftPlace } from "../drift";
import type { DriftContext } from "../drift-context";

/** What of a reviewed key, or of one that Terraform let go of, says where it is. */
interface Placed {
  readonly stack: string;
  readonly address: string;
  readonly region: string;
}

/** A place of the account that is read. */
export function placeIn(
  { account, accountId, partition, zone }: DriftContext,
  { stack, address, region }: { readonly [Name in keyof Placed]: string | undefined },
  resource: string,
): DriftPlace {
  return { account, accountId, partition, zone: zone.name, region, stack, address, resource };
}

/** A key by the name that people know: its first alias, as a stack gives it, before its address. */
export function keyPlace(
  key: Placed & { readonly aliases: readonly { readonly name: string }[] },
  context: DriftContext,
): DriftPlace {
  return placeIn(context, key, key.aliases[0]?.name ?? key.address);
}
