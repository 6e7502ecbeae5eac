import { stackSetLimits, templateLimits } from "../aws/stack-set-limits";
import type { PlanProblem } from "../keys/plan-problem";
import { policyText } from "../policies/policy-document";
import type { DirectRolloutPlan, PlannedStackSet, RolloutPlans } from "./rollout-plan";
import type { RenderedTemplate } from "./template";

/** What CloudFormation would refuse about rollouts. */
export function rolloutLimits({ zones, direct }: RolloutPlans): PlanProblem[] {
  const stackSets = zones.flatMap((plan) => plan.stackSets);
  const stacks = direct.flatMap((plan) => plan.stacks);
  // A template is measured once, however many StackSets it is in.
  const templates = new Map([...stackSets, ...stacks].map(({ template, rollout }) => [template, rollout]));
  return [
    ...stackSets.flatMap(limitsOfTargets),
    ...[...stackSets, ...stacks].flatMap(limitsOfName),
    ...[...templates].flatMap(([template, { source, name }]) => limitsOfTemplate(template, name, source)),
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

function limitsOfTemplate(template: RenderedTemplate, rollout: string, source: string): PlanProblem[] {
  const { document, parameters } = template;
  const problems: PlanProblem[] = [];
  const refuse = (what: string, found: number, most: number, fix: string): void => {
    if (found <= most) return;
    const message = `the template of rollout ${rollout} has ${what}, and CloudFormation takes at most ${most}`;
    problems.push({ source, message, fix });
  };
  const smaller = "make two templates of it, or say less in it";
  const text = policyText(document);
  const bytes = Buffer.byteLength(text, "utf8");
  refuse(`${bytes} bytes of JSON`, bytes, templateLimits.bytes, smaller);
  for (const [section, most] of [
    ["Resources", templateLimits.resources],
    ["Outputs", templateLimits.outputs],
    ["Mappings", templateLimits.mappings],
    ["Parameters", templateLimits.parameters],
  ] as const) {
    const count = Object.keys(document[section] ?? {}).length;
    refuse(`${count} ${section}`, count, most, smaller);
  }
  const references = text.split("{{resolve:").length - 1;
  refuse(`${references} dynamic references`, references, templateLimits.dynamicReferences, smaller);
  for (const [name, value] of Object.entries(parameters)) {
    const valueBytes = Buffer.byteLength(value, "utf8");
    const [shortName, shortValue] = ["give it a shorter name", "shorten it, or write it into the template"];
    refuse(
      `parameter ${name} of ${name.length} characters`,
      name.length,
      templateLimits.parameterNameLength,
      shortName,
    );
    refuse(`parameter ${name} of ${valueBytes} bytes`, valueBytes, templateLimits.parameterValueBytes, shortValue);
  }
  return problems;
}
