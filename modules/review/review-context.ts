import type { ChangePlace } from "../access/access-change";
import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import type { PartitionName } from "../aws/partition";
import type { ReviewPlace } from "./review";
import type { SideIndex } from "./side-index";
import { type PairedStack, remaining, type StackPair } from "./stack-pair";

/** What every comparison of a pair of stacks may need. */
export interface ReviewContext {
  /** Of head's map: the trusted side. */
  readonly zones: ZoneBoundaries;
  /** Of base's map where it is known. */
  readonly zonesBefore: ZoneBoundaries;
  /** The day, as in 2027-01-31. */
  readonly today: string | undefined;
  readonly base: SideIndex;
  readonly head: SideIndex;
}

/** The account's name in the map, of whichever side has it. */
export function accountName(accountId: string, { zones, zonesBefore }: ReviewContext): string | undefined {
  return [zones, zonesBefore].flatMap((side) => side.ofAccount(accountId)?.accounts.get(accountId) ?? [])[0];
}

/**
 * The zone that a stack's account is in, or the one that the stack guards or rolls out to; undefined where the map has none. A
 * stack's comment can be edited by hand: it names the zone only where the map has that done from this account, and never of keys.
 */
export function zoneOf(stack: PairedStack, zones: ZoneBoundaries): ZoneBoundary | undefined {
  const { accountId, metadata, keys, identityPolicies, userGrants } = stack;
  if (accountId === undefined) return undefined;
  const ofAccount = zones.ofAccount(accountId);
  if (metadata.kind === "account" || keys.length + identityPolicies.length + userGrants.length > 0) return ofAccount;
  const named = zones.named(metadata.zone ?? "");
  return named !== undefined && isServedFrom(accountId, named) ? named : ofAccount;
}

function isServedFrom(accountId: string, zone: ZoneBoundary): boolean {
  const { managementAccountId, rolloutAdministratorId, accounts } = zone;
  return accountId === managementAccountId || accountId === rolloutAdministratorId || accounts.has(accountId);
}

/** What `keyPolicyChanges` asks for; undefined where nobody can tell in which zone the stack is, so that everybody is outside. */
export function changePlace(pair: StackPair, region: string, context: ReviewContext): ChangePlace | undefined {
  const stack = remaining(pair);
  const zone = zoneOf(stack, context.zones) ?? zoneOf(stack, context.zonesBefore);
  const partition = stack.partition ?? zone?.partition;
  return zone === undefined || partition === undefined ? undefined : { region, partition, zone, zones: context.zones };
}

/** What of a change says where it is within its stack. */
export interface PlaceInStack {
  /** In name order. @default none */
  readonly regions?: readonly string[];
  /** @default the stack as a whole */
  readonly address?: string;
  /** What people call it: `alias/payments-prod`. */
  readonly resource: string;
}

/** The place of a change in a pair of stacks, in the words of the side that it is still on. */
export function placeIn(
  pair: StackPair,
  { regions = [], address, resource }: PlaceInStack,
  context: ReviewContext,
): ReviewPlace {
  const stack = remaining(pair);
  const { metadata, accountId } = stack;
  const zone = zoneOf(stack, context.zones) ?? zoneOf(stack, context.zonesBefore);
  const partition: PartitionName | undefined = stack.partition ?? zone?.partition;
  return {
    organization: metadata.organization ?? zone?.organization,
    account: (accountId === undefined ? undefined : accountName(accountId, context)) ?? metadata.account,
    accountId: accountId ?? metadata.accountId,
    partition,
    zone: zone?.name ?? metadata.zone,
    regions,
    stack: pair.name,
    address,
    resource,
  };
}
