import type { DriftId } from "../findings/drift-ids";
import { orgkeysCommand } from "../findings/orgkeys-command";
import type { Drift } from "./drift";
import { kindOf } from "./drift-kinds";
import { deleteAlias, leadAliasBack, makeAlias, takeOverTaker } from "./steps/alias-steps";
import {
  attachConsumerPolicy,
  deleteConsumerPolicy,
  detachConsumerPolicy,
  makeConsumerPolicy,
  restoreConsumerPolicy,
} from "./steps/consumer-steps";
import { endGrant, makeGrant, remakeGrant, revoke } from "./steps/grant-steps";
import { attachGuardrail, detachGuardrail, makeGuardrail, restoreGuardrail } from "./steps/guardrail-steps";
import { describeAgain, rotate, stopRotation, tagAgain } from "./steps/key-property-steps";
import { cancelDeletion, enable, endAgain, importMaterial, lookForKey, lookIntoDifference } from "./steps/key-steps";
import { connect, lookForStore, makeAvailable, restoreStore } from "./steps/key-store-steps";
import { leavePolicy, remakePrincipal, restorePolicy } from "./steps/policy-steps";
import { endForbiddenReplica, endReplica, makeReplica, movePrimaryBack } from "./steps/replica-steps";
import {
  createInstance,
  deleteInstance,
  makeDirectStack,
  remakeInstance,
  tidyUp,
  updateInstance,
  updateStackSet,
} from "./steps/rollout-steps";
import { applyStack, type StepOf } from "./steps/step-parts";
import { adoptOrEnd, endSecond } from "./steps/unmanaged-steps";

/** What to do about a drift. */
export interface NextStep {
  /** An instruction. */
  readonly whatToDo: string;
  /**
   * Shell commands, one an entry; a comment line starts with `#`. All of them can be pasted at once: what cannot be taken back is
   * a comment. An entry has several lines where a document is in it.
   */
  readonly commands: readonly string[];
}

/** How commands are to be written: what the user has given on the command line. */
export interface CommandSettings {
  readonly config: string;
  readonly out: string;
}

/** What the comparison itself knows stands in place of what is said of the kind; the commands are the kind's. */
export function nextStep(drift: Drift, settings: CommandSettings): NextStep {
  const step = steps[drift.id](drift, settings);
  // Names of AWS are in it, and reports give it one line.
  return { ...step, whatToDo: (drift.whatToDo ?? step.whatToDo).replaceAll(/\s+/g, " ") };
}

const ofKind: StepOf = ({ id }) => ({ whatToDo: kindOf(id).fix, commands: [] });

const planStack: StepOf = (drift, settings) => {
  const { stack } = drift.place;
  return {
    whatToDo: kindOf(drift.id).fix,
    commands: stack === undefined ? [] : [orgkeysCommand(["plan", stack], settings)],
  };
};

const steps: Readonly<Record<DriftId, StepOf>> = {
  "alias-missing": makeAlias,
  "alias-moved": leadAliasBack,
  "alias-taken": takeOverTaker,
  "alias-unmanaged": deleteAlias,
  "consumer-policy-attached": detachConsumerPolicy,
  "consumer-policy-changed": restoreConsumerPolicy,
  "consumer-policy-detached": attachConsumerPolicy,
  "consumer-policy-missing": makeConsumerPolicy,
  "consumer-policy-unmanaged": deleteConsumerPolicy,
  "description-changed": describeAgain,
  "direct-stack-changed": applyStack,
  "direct-stack-missing": makeDirectStack,
  "grant-changed": remakeGrant,
  "grant-expired": endGrant,
  "grant-missing": makeGrant,
  "grant-unmanaged": revoke,
  "guardrail-attached": detachGuardrail,
  "guardrail-changed": restoreGuardrail,
  "guardrail-detached": attachGuardrail,
  "guardrail-missing": makeGuardrail,
  "key-different": lookIntoDifference,
  "key-disabled": enable,
  "key-doubled": endSecond,
  "key-enabled": endAgain,
  "key-missing": lookForKey,
  "key-pending-deletion": cancelDeletion,
  "key-pending-import": importMaterial,
  "key-store-changed": restoreStore,
  "key-store-disconnected": connect,
  "key-store-missing": lookForStore,
  "key-unavailable": makeAvailable,
  "key-unmanaged": adoptOrEnd,
  "policy-narrowed": restorePolicy,
  "policy-principal-deleted": remakePrincipal,
  "policy-reordered": leavePolicy,
  "policy-widened": restorePolicy,
  "primary-moved": movePrimaryBack,
  "replica-extra": endReplica,
  "replica-forbidden-region": endForbiddenReplica,
  "replica-missing": makeReplica,
  "replica-out-of-parity": importMaterial,
  "rollout-changed": updateStackSet,
  "rollout-extra": deleteInstance,
  "rollout-inoperable": remakeInstance,
  "rollout-left-behind": tidyUp,
  "rollout-missing": createInstance,
  "rollout-outdated": updateInstance,
  "rotation-off": rotate,
  "rotation-on": stopRotation,
  "rotation-period": rotate,
  "stack-not-applied": applyStack,
  "tags-changed": tagAgain,
  "terraform-drift": planStack,
  unchecked: ofKind,
};
