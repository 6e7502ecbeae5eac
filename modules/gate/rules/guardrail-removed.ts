import { blocksOf, fieldsOf } from "../../access/json-parts";
import { parseText } from "../../access/policy-text";
import type { Danger, GateRule } from "../gate-rule";
import type { PlannedChange } from "../planned-change";
import { guardrailType } from "../resource-types";

const types: ReadonlySet<string> = new Set([guardrailType, "aws_organizations_policy_attachment"]);

/** What is weakened is found by `policy-widened`. */
export const rule: GateRule = {
  id: "guardrail-removed",
  severity: "critical",
  requirement: "No plan deletes, detaches, replaces or empties a guardrail.",
  reason: "From that moment a key policy that somebody edits by hand has nothing above it, on every account below.",
  fix: "put back the guardrail, or the OU that it was attached to",
  allowedBy: "command line",
  inStack: ({ changes }) => changes.filter(({ type }) => types.has(type)).flatMap(endOf),
};

function endOf(change: PlannedChange): Danger[] {
  const { address, type, action, before, after } = change;
  if (action === "delete" || action === "forget" || action === "replace") {
    const what = action === "forget" ? "let go" : action === "replace" ? "replaced" : "deleted";
    const where = typeof before.target_id === "string" ? `, and ${before.target_id} would be without it` : "";
    return [{ address, why: `would be ${what}${where}` }];
  }
  const emptied = type === guardrailType && denies(before.content) && !denies(after.content);
  return emptied ? [{ address, why: "would no longer deny anything" }] : [];
}

function denies(content: unknown): boolean {
  const { Statement: statements } = fieldsOf(parseText(content)?.value);
  return blocksOf(statements).some(({ Effect: effect }) => effect === "Deny");
}
