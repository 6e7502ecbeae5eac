import type { ContinuityRules } from "./continuity-rules";
import type { Refusal } from "./refusal";
import type { StackRecord } from "./stack-record";

/**
 * A zone's guardrails that no stack has any more, though nobody has switched them off. Their stack and their state are called as
 * the zone: under a new name policies are made anew, and the old ones go on to deny whatever was not the zone's on that day.
 *
 * @param appeared stacks of the new output whose state the last one did not have
 */
export function vanishedGuardrails(
  { guardrails, name, zone }: StackRecord,
  appeared: readonly StackRecord[],
  rules: ContinuityRules,
): Refusal[] {
  const others = appeared.filter((stack) => stack.guardrails.length > 0);
  const isElsewhere = others.some((stack) => stack.zone === zone);
  if (guardrails.length === 0 || (rules.zones.has(zone) && !isElsewhere)) return [];
  const [next, second] = others;
  const [because, back, first] = isElsewhere
    ? [
        `zone ${zone} would have others, from another management account`,
        "the management account",
        "when it changes, destroy them first",
      ]
    : [
        `the map no longer has zone ${zone}`,
        `zone ${zone}`,
        next === undefined || second !== undefined
          ? "when it goes, destroy its guardrails first"
          : `if ${next.zone} is ${zone} under a new name, move the state of its guardrails first`,
      ];
  return [
    {
      id: "guardrails-vanish",
      severity: "high",
      where: name,
      why: `its policies ${guardrails.join(", ")} would stay in force in the organization, in no plan and no check: ${because}`,
      sources: [`zones.yaml ${zone}`],
      whatToDo: `put ${back} back; ${first}, and synthesize this change alone with --ignore-previous (docs/guardrails.md#renaming-or-removing-a-zone)`,
      lines: [],
    },
  ];
}
