import type { SynthesizedStack } from "../../access/synthesized-stack";
import type { ZoneBoundaries, ZoneBoundary } from "../../access/zone-boundary";
import { uniqueNames } from "../../aws/name-order";

/** A stack's zone, and the account that it is to be deployed to. */
export interface StackZone {
  readonly zone: ZoneBoundary;
  readonly accountId: string;
}

/**
 * An account's stack belongs to the zone of the account. Where its places disagree about the account, which
 * `zone-membership` says, it is held against what its metadata say. Guardrails and rollouts name their zone, which decides over
 * their account: one that is in another account is held against where it belongs.
 *
 * @returns undefined for an account, or a zone, that the map does not know
 */
export function zoneOfStack({ metadata, accountId }: SynthesizedStack, zones: ZoneBoundaries): StackZone | undefined {
  if (metadata.kind !== "account") {
    const zone = zones.named(metadata.zone ?? "");
    if (zone === undefined) return undefined;
    const said = accountId ?? metadata.accountId ?? "";
    const homes = homesOf(metadata.kind, zone, zones) ?? [];
    return { zone, accountId: homes.includes(said) ? said : (homes[0] ?? zone.managementAccountId) };
  }
  const id = accountId ?? metadata.accountId ?? "";
  const zone = zones.ofAccount(id);
  return zone === undefined ? undefined : { zone, accountId: id };
}

/**
 * Ids of the accounts where a zone's stacks of a kind belong.
 *
 * @returns none where the map asks for no such stack; undefined for a kind that no zone has
 */
export function homesOf(kind: string, zone: ZoneBoundary, zones: ZoneBoundaries): readonly string[] | undefined {
  const { managementAccountId, rolloutAdministratorId: administrator } = zone;
  switch (kind) {
    case "guardrails":
      return [managementAccountId];
    case "rollouts":
      return administrator === undefined ? [] : [administrator];
    case "direct-rollouts":
      return administrator === undefined ? [] : directHomes(zone, zones);
    default:
      return undefined;
  }
}

/**
 * What StackSets do not bring: they never reach the management account, and an account that keeps those of any zone needs its
 * deploy role before there are any.
 */
function directHomes({ organization, managementAccountId, accounts }: ZoneBoundary, zones: ZoneBoundaries): string[] {
  const administrators = zones.all
    .filter((zone) => zone.organization === organization)
    .flatMap(({ rolloutAdministratorId: id }) => (id === undefined ? [] : [id]));
  return uniqueNames([managementAccountId, ...administrators]).filter((id) => accounts.has(id));
}
