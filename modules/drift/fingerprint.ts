import { createHash } from "node:crypto";
import type { Drift } from "./drift";

/**
 * What a drift is known by from one report to the next: the same for as long as the drift is the same, whatever its words say of
 * days and values. Whoever gains or loses something is part of it, and so is what an alias leads to: another one is another drift.
 * In doubt two are different: a new drift that is taken for a known one is not shown.
 *
 * @returns 32 hexadecimal digits
 */
export function fingerprintOf({ id, place, detail, access = [], subject = {} }: Drift): string {
  const { partition, accountId, zone, region, address, resource } = place;
  const changes = access.map(({ effect, who, actions }) => JSON.stringify([effect, who, [...actions].sort()]));
  const identity = [
    id,
    // Neither the account's name nor the stack's: both change when an account moves to another OU.
    ...[partition, accountId, zone, region ?? null, address ?? null, resource],
    detail,
    changes.sort(),
    subject.key?.arn ?? null,
    subject.alias?.keyId ?? null,
    subject.grant?.id ?? null,
  ];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}
