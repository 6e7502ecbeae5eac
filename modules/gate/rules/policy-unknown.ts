import type { GateRule } from "../gate-rule";
import { stays } from "../planned-change";
import { documents, grantType } from "../resource-types";

const ofGrants = ["grantee_principal", "retiring_principal", "operations", "constraints"];

/** Synthesis writes every policy, template and grant out: an expression in one is somebody's edit. */
export const rule: GateRule = {
  id: "policy-unknown",
  severity: "critical",
  requirement: "Every policy, template and grant of a plan is known before it is applied.",
  reason: "Nobody can review, or hold against the zones, what is decided while it is applied.",
  fix: "write the policy out, as synthesis does; nothing allows this",
  allowedBy: "nobody",
  inStack: ({ changes }) =>
    changes.filter(stays).flatMap(({ type, address, isUnknown }) => {
      const document = documents.get(type)?.attribute;
      const attributes = type === grantType ? ofGrants : document === undefined ? [] : [document];
      return attributes
        .filter(isUnknown)
        .map((attribute) => ({ address, detail: [attribute], why: `its ${attribute} is known after the apply alone` }));
    }),
};
