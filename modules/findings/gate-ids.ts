/** The ids of what the gate stops: they stand here, where exceptions of the map can name them too. */
export const gateIds = [
  "alias-retargeted",
  "deletion-window-shortened",
  "guardrail-removed",
  "key-destroyed",
  "key-exists",
  "key-pending-deletion",
  "key-replaced",
  "keys-unread",
  "plan-not-reviewed",
  "policy-unknown",
  "policy-widened",
  "prevent-destroy-dropped",
  "replica-destroyed",
  "stack-set-destroyed",
  "too-many-changes",
  "unreadable-plan",
] as const;

export type GateId = (typeof gateIds)[number];

/** What nobody can answer for: it is not understood, or not what was reviewed. */
export const unallowableGateIds: readonly GateId[] = ["plan-not-reviewed", "policy-unknown", "unreadable-plan"];
