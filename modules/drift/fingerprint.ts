import { createHash } from "node:crypto";
import type { Drift } from "./drift";

/** What a drift is known by, from one report to the next. */
export function fingerprintOf({ id, place, detail }: Drift): string {
  const { accountId, region, stack, address, resource } = place;
  const identity = JSON.stringify([id, accountId, region, stack, address, resource, detail]);
  return createHash("sha256").update(identity).digest("hex").slice(0, 32);
}
