import type { DriftPlace } from "../drift";
import type { DriftContext } from "../drift-context";
import { placeIn } from "../place-in";

/** What of a reviewed key, or of one that Terraform let go of, says where it is. */
interface Placed {
  readonly stack: string;
  readonly address: string;
  readonly region: string;
}

/** A key by the name that people know: its first alias, as a stack gives it, before its address. */
export function keyPlace(
  key: Placed & { readonly aliases: readonly { readonly name: string }[] },
  context: DriftContext,
): DriftPlace {
  return placeIn(context, key, key.aliases[0]?.name ?? key.address);
}
