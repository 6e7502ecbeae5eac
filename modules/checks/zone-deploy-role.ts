import type { StackProvider, SynthesizedStack } from "../access/synthesized-stack";
import { iamPrincipalArn } from "../aws/arn";
import { uniqueNames } from "../aws/name-order";
import { zoneOfStack } from "./evidence/stack-zone";
import type { Check, CheckedOutput, Violation } from "./frame/check";

/**
 * The role is compared letter by letter: IAM takes a path, or other letters, for another role. With other session tags than
 * the role asks for it cannot be assumed, and policies that go by tags would take the session for somebody else's.
 */
export const check: Check = {
  id: "zone-deploy-role",
  kind: "proof",
  severity: "critical",
  requirement:
    "Every provider of a stack assumes the zone's deploy role in the stack's own account, with its session tags, and nothing else.",
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
  if (found === expected)
    return otherTags(stack, provider, zones.ofAccount(of.accountId)?.pipelines?.sessionTags ?? {});
  const why =
    found === undefined
      ? `assumes no role that can be read, and zone ${of.zone.name} deploys with ${expected}`
      : `assumes ${found}, and zone ${of.zone.name} deploys with ${expected}`;
  return [violation(stack, detail, why, provider)];
}

/** @param expected those of the account's own zone, whatever zone the stack is about */
function otherTags(
  stack: SynthesizedStack,
  { sessionTags: found, reference, document, path }: StackProvider,
  expected: Readonly<Record<string, string>>,
): Violation[] {
  const differing = uniqueNames([...Object.keys(found), ...Object.keys(expected)]).filter(
    (name) => found[name] !== expected[name],
  );
  return differing.map((name) => ({
    stack,
    address: undefined,
    detail: [`provider ${reference}`, `tag ${name}`],
    why: `has ${quoted(found[name])} for session tag ${name}, and the account's zone has ${quoted(expected[name])}`,
    place: { document, path: `${path}/assume_role` },
  }));
}

function quoted(value: string | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function violation(stack: SynthesizedStack, detail: string, why: string, provider?: StackProvider): Violation {
  const path =
    provider === undefined ? "" : `${provider.path}${provider.assumedRoleArn === undefined ? "" : "/assume_role"}`;
  return { stack, address: undefined, detail: [detail], why, place: { document: stack.name, path } };
}
