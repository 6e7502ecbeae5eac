import type { SynthesizedStack } from "../../access/synthesized-stack";
import type { ZoneBoundaries, ZoneBoundary } from "../../access/zone-boundary";

/** A stack's zone, and the account that it is to be deployed to. */
export interface StackZone {
  readonly zone: ZoneBoundary;
  readonly accountId: string;
}

/**
 * An account's stack belongs to the zone of the account. Where its places disagree about the account, which
 * `zone-membership` says, it is held against what its metadata say. Guardrails and rollouts name their zone, and are
 * deployed to its organization's management account.
 *
 * @returns undefined for an account, or a zone, that the map does not know
 */
export function zoneOfStack({ metadata, accountId }: SynthesizedStack, zones: ZoneBoundaries): StackZone | undefined {
  if (metadata.kind !== "account") {
    const zone = zones.named(metadata.zone ?? "");
    return zone === undefined ? undefined : { zone, accountId: zone.managementAccountId };
  }
  const id = accountId ?? metadata.accountId ?? "";
  const zone = zones.ofAccount(id);
  return zone === undefined ? undefined : { zone, accountId: id };
}
