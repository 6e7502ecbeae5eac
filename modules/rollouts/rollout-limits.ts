import { cloudFormationLimits } from "../aws/cloudformation-limits";
import { stackSetLimits } from "../aws/stack-set-limits";
import type { PlanProblem } from "../keys/plan-problem";
import { policyBytes } from "../policies/policy-document";
import type { DirectRolloutPlan, PlannedStackSet, RolloutPlans } from "./rollout-plan";

/** What CloudFormation would refuse about StackSets and stacks. */
export function rolloutLimits({ zones, direct }: RolloutPlans): PlanProblem[] {
  const stackSets = zones.flatMap((plan) => plan.stackSets);
  const stacks = direct.flatMap((plan) => plan.stacks);
  return [
    ...stackSets.flatMap(limitsOfTargets),
    ...stackSets.flatMap(limitsOfTemplate),
    ...[...stackSets, ...stacks].flatMap(limitsOfName),
  ];
}

/** A template is measured where it is rendered, and here with the accounts that it leaves out. */
function limitsOfTemplate({ name, template, rollout }: PlannedStackSet): PlanProblem[] {
  const { templateBytes } = cloudFormationLimits;
  const bytes = policyBytes(template.document);
  if (bytes <= templateBytes) return [];
  return [
    {
      source: rollout.source,
      message: `the template of StackSet ${name} has ${bytes} bytes with the accounts that it leaves out, and CloudFormation takes at most ${templateBytes}`,
      fix: "exclude fewer accounts: leave out their OU",
    },
  ];
}

type NamedStack = PlannedStackSet | DirectRolloutPlan["stacks"][number];

/**
 * Targets of more than one call would be StackSets of their own, and an OU that changes its StackSet loses its instances:
 * which OU is in which has to be written down, as waves.
 */
function limitsOfTargets({ targets, rollout, wave }: PlannedStackSet): PlanProblem[] {
  const { ousPerCall } = stackSetLimits;
  if (targets.ous.length <= ousPerCall) return [];
  const who = wave === undefined ? `rollout ${rollout.name}` : `wave ${wave} of rollout ${rollout.name}`;
  return [
    {
      source: rollout.source,
      message: `${who} goes to ${targets.ous.length} OUs, and CloudFormation takes at most ${ousPerCall}`,
      fix: "name an OU above them that is the zone's with everything below, or spread them over waves",
    },
  ];
}

function limitsOfName(stack: NamedStack): PlanProblem[] {
  const { nameLength, descriptionLength, tags, tagKeyLength, tagValueLength } = stackSetLimits;
  const { name, sources } = stack;
  const what = "targets" in stack ? "StackSet" : "stack";
  const problems: PlanProblem[] = [];
  const refuse = (flaw: string, fix: string): void => {
    problems.push({ source: sources[0] ?? "", message: `${what} ${name} ${flaw}`, fix });
  };
  const shorter = "rename the zone, the template or the wave";
  if (name.length > nameLength) {
    refuse(`has a name of ${name.length} characters, and CloudFormation takes at most ${nameLength}`, shorter);
  }
  if (!/^[a-zA-Z][a-zA-Z0-9-]*$/.test(name)) {
    refuse(
      "has a name with other characters than letters, digits and hyphens, and CloudFormation takes no others",
      shorter,
    );
  }
  const description = "description" in stack ? stack.description.length : 0;
  if (description > descriptionLength) {
    refuse(
      `has a description of ${description} characters, and CloudFormation takes at most ${descriptionLength}`,
      shorter,
    );
  }
  const entries = Object.entries(stack.tags);
  if (entries.length > tags) {
    refuse(
      `has ${entries.length} tags, and CloudFormation takes at most ${tags}`,
      "drop some of the organization's or the zone's extra tags",
    );
  }
  for (const [key, value] of entries) {
    if (key.length <= tagKeyLength && value.length <= tagValueLength) continue;
    refuse(
      `has tag ${key} of ${key.length} and ${value.length} characters, and CloudFormation takes at most ${tagKeyLength} and ${tagValueLength}`,
      "shorten it",
    );
  }
  return problems;
}
