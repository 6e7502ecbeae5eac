import type { SynthesizedStack } from "../../access/synthesized-stack";
import type { ZoneBoundaries, ZoneBoundary } from "../../access/zone-boundary";

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
    const homes = homesOf(metadata.kind, zone) ?? [];
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
export function homesOf(kind: string, zone: ZoneBoundary): readonly string[] | undefined {
  const { managementAccountId, rolloutAdministratorId: administrator, accounts } = zone;
  const withRollouts = (...ids: readonly string[]): readonly string[] => (administrator === undefined ? [] : ids);
  switch (kind) {
    case "guardrails":
      return [managementAccountId];
    case "rollouts":
      return withRollouts(administrator ?? "");
    // What StackSets do not bring: the account that keeps them needs its deploy role first, and the other one they never reach.
    case "direct-rollouts":
      return withRollouts(...new Set([managementAccountId, administrator ?? ""])).filter((id) => accounts.has(id));
    default:
      return undefined;
  }
}
