import { organizationsLimits } from "../aws/organizations-limits";
import { policyText } from "../policies/policy-document";
import type { PlannedGuardrail } from "./guardrail-plan";
import type { PlanProblem } from "./plan-problem";

/** What AWS Organizations would refuse about guardrails. Policies of others on the same targets cannot be seen here. */
export function guardrailLimits(guardrails: readonly PlannedGuardrail[]): PlanProblem[] {
  return [...guardrails.flatMap(limitsOfPolicy), ...limitsOfTargets(guardrails)];
}

function limitsOfPolicy(guardrail: PlannedGuardrail): PlanProblem[] {
  const { policyCharacters, policyNameLength, policyDescriptionLength, tagsPerPolicy } = organizationsLimits;
  const problems: PlanProblem[] = [];
  const refuse = (what: string, found: number, most: number, fix: string): void => {
    if (found <= most) return;
    const message = `guardrail ${guardrail.name} has ${what}, and AWS Organizations takes at most ${most}`;
    problems.push({ source: guardrail.sources[0] ?? "", message, fix });
  };
  const characters = [...policyText(guardrail.document)].length;
  const fewer =
    "give the zone whole OUs instead of single accounts or OUs around another zone's, or switch parts of it off (guardrails:)";
  refuse(`a policy of ${characters} characters`, characters, policyCharacters, fewer);
  refuse(`a name of ${guardrail.name.length} characters`, guardrail.name.length, policyNameLength, "rename the zone");
  const { length } = guardrail.description;
  refuse(`a description of ${length} characters`, length, policyDescriptionLength, "rename the zone");
  const tags = Object.keys(guardrail.tags).length;
  refuse(`${tags} tags`, tags, tagsPerPolicy, "drop some of the organization's or the zone's extra tags");
  return problems;
}

/** Zones never share a target, so that this speaks up only if they ever do. */
function limitsOfTargets(guardrails: readonly PlannedGuardrail[]): PlanProblem[] {
  const { policiesPerTarget, awsPoliciesPerTarget } = organizationsLimits;
  const most = policiesPerTarget - awsPoliciesPerTarget;
  const attached = new Map<string, PlannedGuardrail[]>();
  for (const guardrail of guardrails) {
    for (const { id } of guardrail.targets) {
      const target = `${guardrail.kind} ${id}`;
      attached.set(target, [...(attached.get(target) ?? []), guardrail]);
    }
  }
  return [...attached.entries()].flatMap(([target, policies]): PlanProblem[] => {
    const [first] = policies;
    if (first === undefined || policies.length <= most) return [];
    const [kind = "", id = ""] = target.split(" ");
    return [
      {
        source: first.sources[0] ?? "",
        message: `${id} gets ${policies.length} ${kind} policies (${policies.map(({ name }) => name).join(", ")}), and AWS Organizations takes at most ${policiesPerTarget} on a target, ${awsPoliciesPerTarget} of them its own`,
        fix: "let fewer zones attach a policy to it",
      },
    ];
  });
}
