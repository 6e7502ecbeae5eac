import type { Finding } from "../findings/finding";

/** A change that an output must not bring to keys that are there, and what to write into the map instead. */
export interface Refusal extends Finding {
  readonly id:
    | "previous-unreadable"
    | "key-vanishes"
    | "key-replaced"
    | "alias-vanishes"
    | "alias-moves"
    | "account-vanishes"
    | "guardrails-vanish"
    | "step-skipped"
    | "day-moved-back"
    | "key-comes-back"
    | "adopted-too-late"
    | "zone-moved"
    | "rollout-vanishes"
    | "rollout-replaced"
    | "administrator-changed"
    | "targets-at-once"
    | "retention-ends"
    | "template-key-vanishes"
    | "template-key-replaced"
    | "template-key-unretained";
  /** Where the map of the last output had it: `workloads/payments.yaml payments.environments.prod`. */
  readonly sources: readonly string[];
  /** The lines of the map that `whatToDo` asks for, as YAML, or commands. */
  readonly lines: readonly string[];
}

/** For people: what it is about, what would be lost, where it came from, and what to write instead. */
export function refusalText({ severity, id, where, why, whatToDo, sources, lines }: Refusal): string[] {
  return [
    `${severity}  ${id}  ${where}`,
    `    ${why}`,
    ...sources.map((source) => `    was in the map at ${source}`),
    `    -> ${whatToDo}`,
    ...lines.map((line) => `         ${line}`),
  ];
}
