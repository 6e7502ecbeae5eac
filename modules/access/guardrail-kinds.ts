import type { StackGuardrail } from "./synthesized-stack";

/** What AWS Organizations calls these policies. */
export const guardrailKinds: Readonly<Record<StackGuardrail["kind"], string>> = {
  "resource-control": "resource control policy",
  "service-control": "service control policy",
};
