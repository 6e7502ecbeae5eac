import type { StackProvider, SynthesizedStack } from "../access/synthesized-stack";
import { iamPrincipalArn } from "../aws/arn";
import { zoneOfStack } from "./evidence/stack-zone";
import type { Check, CheckedOutput, Violation } from "./frame/check";

/** The role is compared letter by letter: IAM takes a path, or other letters, for another role. */
export const check: Check = {
  id: "zone-deploy-role",
  kind: "proof",
  severity: "critical",
  requirement: "Every provider of a stack assumes the zone's deploy role in the stack's own account, and nothing else.",
  reason:
    "Whoever deploys a stack writes its key policies: a role of another account or name deploys past the zone's wall.",
  fix: "let assume_role name the deploy role of the stack's account, as the map has it",
  inStack: (stack, output) =>
    stack.providers.length === 0
      ? [violation(stack, "provider", "has no provider, so that the credentials at hand deploy it")]
      : stack.providers.flatMap((provider) => otherRole(stack, provider, output)),
};

function otherRole(stack: SynthesizedStack, provider: StackProvider, { zones }: CheckedOutput): Violation[] {
  const of = zoneOfStack(stack, zones);
  const { assumedRoleArn: found, reference } = provider;
  const detail = `provider ${reference}`;
  if (of === undefined) {
    return [
      violation(stack, detail, "is in no zone of the map, so that no role is the right one to deploy it", provider),
    ];
  }
  const expected = iamPrincipalArn(of.zone.partition, of.accountId, of.zone.deployRole);
  if (found === expected) return [];
  const why =
    found === undefined
      ? `assumes no role that can be read, and zone ${of.zone.name} deploys with ${expected}`
      : `assumes ${found}, and zone ${of.zone.name} deploys with ${expected}`;
  return [violation(stack, detail, why, provider)];
}

function violation(stack: SynthesizedStack, detail: string, why: string, provider?: StackProvider): Violation {
  const path =
    provider === undefined ? "" : `${provider.path}${provider.assumedRoleArn === undefined ? "" : "/assume_role"}`;
  return { stack, address: undefined, detail: [detail], why, place: { document: stack.name, path } };
}
