import type { GateRule } from "./gate-rule";
import { rule as aliasRetargeted } from "./rules/alias-retargeted";
import { rule as deletionWindowShortened } from "./rules/deletion-window-shortened";
import { rule as guardrailRemoved } from "./rules/guardrail-removed";
import { rule as keyDestroyed } from "./rules/key-destroyed";
import { rule as keyExists } from "./rules/key-exists";
import { rule as keyPendingDeletion } from "./rules/key-pending-deletion";
import { rule as keyReplaced } from "./rules/key-replaced";
import { rule as keysUnread } from "./rules/keys-unread";
import { rule as planNotReviewed } from "./rules/plan-not-reviewed";
import { rule as policyUnknown } from "./rules/policy-unknown";
import { rule as policyWidened } from "./rules/policy-widened";
import { rule as preventDestroyDropped } from "./rules/prevent-destroy-dropped";
import { rule as replicaDestroyed } from "./rules/replica-destroyed";
import { rule as stackSetDestroyed } from "./rules/stack-set-destroyed";
import { rule as tooManyChanges } from "./rules/too-many-changes";
import { rule as unreadablePlan } from "./rules/unreadable-plan";

/** Every rule of the gate, by id. */
export const allRules: readonly GateRule[] = [
  aliasRetargeted,
  deletionWindowShortened,
  guardrailRemoved,
  keyDestroyed,
  keyExists,
  keyPendingDeletion,
  keyReplaced,
  keysUnread,
  planNotReviewed,
  policyUnknown,
  policyWidened,
  preventDestroyDropped,
  replicaDestroyed,
  stackSetDestroyed,
  tooManyChanges,
  unreadablePlan,
];
