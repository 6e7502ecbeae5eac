import { gate } from "../../modules/gate/gate";
import type { Allowance, FindKeysLike, GateInput, GateReport, GateRules } from "../../modules/gate/gate-finding";
import type { Output } from "../checks/sample-output";
import { type Edit, small } from "../checks/small-output";
import { simulatedInput } from "./simulated-plan";

export const noKeys: FindKeysLike = async () => [];

export function gateRules(rules: Partial<GateRules> = {}): GateRules {
  return {
    zones: small.rules.zones,
    exceptions: [],
    allowances: [],
    maxChanges: undefined,
    today: "2026-12-01",
    keysLike: noKeys,
    ...rules,
  };
}

/** Plans of all stacks of which two outputs differ, or of one stack. */
export function inputsBetween(before: Output | undefined, after: Output): GateInput[] {
  return [...after.texts]
    .filter(([name, text]) => before?.texts.get(name) !== text)
    .map(([name, text]) => simulatedInput(name, before?.texts.get(name), text));
}

/** What the gate finds in the plan that takes the small organization to an edited one. */
export function gateEdit(edit: Edit, rules: Partial<GateRules> = {}, from: Output = small): Promise<GateReport> {
  return gate(inputsBetween(from, edit(from)), gateRules(rules));
}

/** `ID WHERE: WHY` */
export function lines({ findings }: GateReport): string[] {
  return findings.map(({ id, where, why }) => `${id} ${where}: ${why}`);
}

export function idsOf({ findings }: GateReport): string[] {
  return [...new Set(findings.map(({ id }) => id))].sort();
}

export function allowance(subject: string, reason = "agreed with finance"): Allowance {
  return { subject, reason };
}
