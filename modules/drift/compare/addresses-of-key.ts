import type { StackAddress } from "../drift";
import type { ReviewedKey } from "../reviewed/reviewed-key";
import { inStack } from "./in-stack";

/** A key or replica with what AWS deletes along with it: its aliases and its grants, whichever stack makes these. */
export function addressesOfKey(key: ReviewedKey): StackAddress[] {
  return [...inStack(key, [key, ...key.aliases]), ...key.grants.map(({ stack, address }) => ({ stack, address }))];
}
