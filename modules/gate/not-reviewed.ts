import { isLetGo } from "../aws/key-step";
import { differentArguments } from "./different-arguments";
import type { Danger } from "./gate-rule";
import { addressOfKey, type ReviewedPlan, reviewedArguments } from "./gated-stack";
import { type PlannedChange, stays } from "./planned-change";
import { aliasType, documents, isKeyOrReplica } from "./resource-types";
import { isReviewedDocument } from "./reviewed-document";
import { recordedStep } from "./reviewed-life";

/** What a plan does to one resource that the reviewed JSON does not say. */
export function notReviewed(change: PlannedChange, stack: ReviewedPlan): Danger[] {
  const { address } = change;
  const reviewed = reviewedArguments(stack, change);
  if (!stays(change)) return wrongEnds(change, stack, reviewed !== undefined);
  if (reviewed === undefined) return [{ address, why: "is not in the reviewed JSON" }];
  const different = (detail: string, why: string): Danger => ({ address, detail: [detail], why });
  return [
    ...differentArguments(change, stack, reviewed).map((name) =>
      different(name, `its ${name} is not what the reviewed JSON says`),
    ),
    ...(isReviewedDocument(change, stack, reviewed)
      ? []
      : [different(documentOf(change), "its policy is not what the reviewed JSON says")]),
    ...(isMoved(change)
      ? [different("moved", `is ${change.formerAddress} before, and would be made into this one`)]
      : []),
    ...(isReviewedImport(change, stack)
      ? []
      : [different("import", "would be taken over, and the reviewed JSON says nothing of it")]),
    ...(isReviewedTarget(change, stack)
      ? []
      : [different("target_key_id", "leads to another key than the reviewed JSON says")]),
    ...wrongStep(change, stack).map((why) => different("step", why)),
  ];
}

/** Keys, rollouts and guardrails have rules of their own for their end. */
function wrongEnds({ address, action }: PlannedChange, { stack }: ReviewedPlan, isThere: boolean): Danger[] {
  if (isThere) return [{ address, why: "is in the reviewed JSON, and would not be there any more" }];
  const removed = stack.removals.some((removal) => removal.address === address);
  if (action === "forget" && !removed)
    return [{ address, why: "would be let go, and the reviewed JSON has no removed block" }];
  return action === "delete" && removed ? [{ address, why: "would be deleted, and the reviewed JSON lets it go" }] : [];
}

function documentOf({ type }: PlannedChange): string {
  return documents.get(type)?.attribute ?? "policy";
}

/** Synthesis moves nothing: a key that is moved takes the description, policy and aliases of another. An index alone is no other key. */
function isMoved({ address, formerAddress }: PlannedChange): boolean {
  return typeof formerAddress === "string" && formerAddress.replace(/\[[^\]]*\]$/, "") !== address;
}

function isReviewedImport({ address, importId }: PlannedChange, { stack }: ReviewedPlan): boolean {
  return importId === undefined || stack.imports.some((each) => each.address === address && each.id === importId);
}

/** An alias whose target is known after the apply alone leads to a key that the same apply makes. */
function isReviewedTarget(change: PlannedChange, { stack, changes }: ReviewedPlan): boolean {
  if (change.type !== aliasType) return true;
  const alias = stack.aliases.find(({ address }) => address === change.address);
  if (alias === undefined) return false;
  const { target_key_id: key } = change.after;
  if (!change.isUnknown("target_key_id")) {
    return typeof key === "string" && addressOfKey(changes, key, alias.region) === alias.target;
  }
  const target = changes.find(({ address }) => address === alias.target);
  return target?.action === "create" || target?.action === "replace";
}

/** A key that nobody can use any more, without a word about it in the record. */
function wrongStep(change: PlannedChange, { stack }: ReviewedPlan): string[] {
  if (!isKeyOrReplica(change)) return [];
  const { address, before, after } = change;
  const step = recordedStep(stack, address);
  if (step !== undefined && isLetGo(step)) return [`is kept, and its record says ${step}`];
  const disables = after.is_enabled === false || after.enabled === false;
  const wasEnabled = before.is_enabled !== false && before.enabled !== false;
  return disables && wasEnabled && step !== "disabled"
    ? [`would be disabled, and its record says ${step ?? "nothing"}`]
    : [];
}
