import type { Account, Zone } from "../modules/organization/organization-map";

/** What stacks are about: one account, or a zone as a whole. */
export type StackKind = "account" | ZoneStackKind;
export type ZoneStackKind = "guardrails" | "rollouts" | "direct-rollouts";

/** The state file's name without `.tfstate`: the account's id, wherever the account is. */
export function accountStateName({ id }: Account): string {
  return id;
}

/** Of a zone's own stacks: the account that keeps them may have keys, and stacks of other zones, in the same place. */
export function zoneStateName(kind: ZoneStackKind, keeper: Account, zone: Zone): string {
  return `${keeper.id}-${kind}-${zone.name}`;
}
