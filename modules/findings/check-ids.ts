/**
 * The ids of all checks: each is the name of a file in `modules/checks/`, and what an exception names. They stand here,
 * where the map can see them too.
 */
export const checkIds = [
  "zone-aliases",
  "zone-consumer-policies",
  "zone-deploy-role",
  "zone-grants",
  "zone-guardrails",
  "zone-key-access",
  "zone-managers",
  "zone-membership",
  "zone-regions",
  "zone-rollouts",
  "zone-state",
  "readable",
  "account-root-use",
  "administrators-never-use",
  "alias-names",
  "aws-limits",
  "break-glass-destroys",
  "consumer-policy-breadth",
  "deletion-window",
  "exceptions-in-force",
  "exceptions-used",
  "grant-constraints",
  "grant-expiry",
  "guardrails-in-place",
  "key-enabled",
  "key-lockout",
  "named-principals",
  "prevent-destroy",
  "replica-policy",
  "rotation",
  "users-never-manage",
] as const;

export type CheckId = (typeof checkIds)[number];
