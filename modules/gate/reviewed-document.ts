import type { Policy } from "../access/policy-statement";
import { parseText, readPolicyText } from "../access/policy-text";
import { isSamePolicy } from "../access/same-policy";
import { type Fields, StackReading } from "../access/stack-reading";
import { sortedJson } from "../continuity/sorted-json";
import type { ReviewedPlan } from "./gated-stack";
import type { PlannedChange } from "./planned-change";
import { documents, guardrailType } from "./resource-types";

/** Whether the policy or template of a resource is the reviewed one. What is not known yet is `policy-unknown`'s business. */
export function isReviewedDocument(change: PlannedChange, stack: ReviewedPlan, reviewed: Fields): boolean {
  const found = documents.get(change.type);
  if (found === undefined || change.isUnknown(found.attribute)) return true;
  const planned = change.after[found.attribute];
  if (found.kind === "template") {
    const reading = new StackReading(stack.stack.name, stack.json.locals);
    const document = reading.encoded(reviewed, found.attribute, "", "template");
    const template = parseText(planned);
    return (
      document !== undefined && template !== undefined && sortedJson(document.value) === sortedJson(template.value)
    );
  }
  const policy = reviewedPolicy(change, stack);
  const kind = change.type === guardrailType ? guardrailKind(change, stack) : found.kind;
  const read = readPolicyText(planned, change.address, kind);
  return policy !== undefined && read !== undefined && isSamePolicy(policy, read);
}

function reviewedPolicy({ address }: PlannedChange, { stack }: ReviewedPlan): Policy | undefined {
  return [...stack.keys, ...stack.identityPolicies, ...stack.guardrails].find((each) => each.address === address)
    ?.policy;
}

function guardrailKind({ address }: PlannedChange, { stack }: ReviewedPlan): "resource-control" | "service-control" {
  return stack.guardrails.find((each) => each.address === address)?.kind ?? "service-control";
}
