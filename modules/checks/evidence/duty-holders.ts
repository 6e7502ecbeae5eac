import type { ZoneBoundary } from "../../access/zone-boundary";
import { iamPrincipalArn } from "../../aws/arn";
import type { Duty } from "../../policies/duty-needs";
import { principalIdentity } from "./principal-identity";

export interface DutyHolder {
  readonly duty: Duty;
  readonly arn: string;
}

/** The principals that have a duty on the keys of one account of the zone. */
export function dutyHolders(zone: ZoneBoundary, accountId: string): DutyHolder[] {
  const holders: (readonly [Duty, string])[] = [
    ...zone.administrators.map((name) => ["administrator", name] as const),
    ["deploy role", zone.deployRole],
    ["audit role", zone.auditRole],
    ["break-glass role", zone.breakGlass],
  ];
  return holders.map(([duty, name]) => ({ duty, arn: iamPrincipalArn(zone.partition, accountId, name) }));
}

/**
 * The duty of a principal in whichever account of the zone: duties go by name, which is the same everywhere, and who
 * administers the keys of one account are the people who administer those of the next.
 *
 * @param principal an ARN
 * @returns undefined for principals of other zones too
 */
export function dutyIn(zone: ZoneBoundary, principal: string): Duty | undefined {
  const identity = principalIdentity(principal);
  const accountId = identity?.split(" ")[0] ?? "";
  if (!zone.accounts.has(accountId)) return undefined;
  return dutyHolders(zone, accountId).find(({ arn }) => principalIdentity(arn) === identity)?.duty;
}
