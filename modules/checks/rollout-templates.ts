import type { SynthesizedStack } from "../access/synthesized-stack";
import { cloudFormationLimits } from "../aws/cloudformation-limits";
import { foundOnce, type RolloutInstance, resourceAddress, rolloutInstances } from "./evidence/rollout-instances";
import type { Check, Violation } from "./frame/check";

/**
 * What the other checks of rollouts never see. A resource of another type can be accepted by an exception, which names it: what it
 * gives whom is then its owner's word.
 */
export const check: Check = {
  id: "rollout-templates",
  kind: "proof",
  severity: "critical",
  requirement:
    "Every part of a rollout's template is of a kind that is known here, and can be worked out for each account and Region.",
  reason: "A template writes into every account of an OU at once: what nobody understands would be everywhere.",
  fix: "write it as the built-in templates do, or add an exception for a resource of another type",
  inStack: (stack, output) => [
    ...tooLarge(stack),
    ...foundOnce(
      stack,
      rolloutInstances(stack, output).flatMap((rollout) => [...unreadableParts(rollout), ...unknownResources(rollout)]),
    ),
  ],
};

function tooLarge(stack: SynthesizedStack): Violation[] {
  const { templateBytes } = cloudFormationLimits;
  return [...stack.stackSets, ...stack.directStacks].flatMap(({ address, template }): Violation[] => {
    if (template === undefined || template.bytes <= templateBytes) return [];
    const why = `has a template of ${template.bytes} bytes, and CloudFormation takes ${templateBytes}`;
    return [
      { stack, address, detail: ["template size"], why, place: template, severity: "high", fix: "split the template" },
    ];
  });
}

function unreadableParts({ source, stack, instance }: RolloutInstance): Violation[] {
  const { template } = source;
  if (template === undefined) return [];
  return instance.unreadable.map(({ path, why }) => ({
    stack,
    address: source.address,
    detail: template.isText ? ["template_body", why] : [path],
    why,
    place: { document: template.document, path },
  }));
}

function unknownResources(rollout: RolloutInstance): Violation[] {
  return rollout.instance.unknown.map((resource) => ({
    stack: rollout.stack,
    address: resourceAddress(rollout, resource),
    detail: [resource.type],
    why: `is of type ${resource.type}, and nobody knows here what access that gives`,
    place: { document: resource.document, path: resource.path },
  }));
}
