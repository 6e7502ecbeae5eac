import type { Statement } from "../access/policy-statement";
import { leadsToKeys, reachOutside } from "../access/reach-outside";
import { statementDetail } from "../access/statement-detail";
import type { StackIdentityPolicy, SynthesizedStack } from "../access/synthesized-stack";
import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import { zoneOfStack } from "./evidence/stack-zone";
import type { Check, Violation } from "./frame/check";

/**
 * The second half of every access across accounts. A policy that is only offered counts as one that is attached. Roles are
 * keys to other accounts, so that leave to assume one is judged alike.
 */
export const check: Check = {
  id: "zone-consumer-policies",
  kind: "proof",
  severity: "critical",
  requirement: "No consumer policy reaches a key, or lets anybody assume a role, outside its account's zone.",
  reason: "A key policy that errs lets nobody in from another account whose own IAM policies do not reach for it.",
  fix: "name the account of the keys in Resource, one of the zone's",
  inStack: (stack, { zones }) => {
    // A stack without a zone is `zone-membership`'s finding.
    const zone = zoneOfStack(stack, zones)?.zone;
    if (zone === undefined) return [];
    return stack.identityPolicies.flatMap((policy) => [
      ...unread(stack, policy),
      ...(policy.policy?.statements ?? [])
        .filter(({ effect, action }) => effect === "Allow" && leadsToKeys(action))
        .flatMap((statement) => breachesOf(statement, policy, stack, zone, zones)),
    ]);
  },
};

function unread(stack: SynthesizedStack, { address, policy, document, path }: StackIdentityPolicy): Violation[] {
  if (policy?.understood === true) return [];
  const why = "its policy is missing or cannot be read, so that nobody can tell which keys it reaches";
  return [{ stack, address, detail: ["policy"], why, place: policy ?? { document, path } }];
}

function breachesOf(
  statement: Statement,
  { address, policy }: StackIdentityPolicy,
  stack: SynthesizedStack,
  zone: ZoneBoundary,
  zones: ZoneBoundaries,
): Violation[] {
  const at = (what: string, why: string): Violation => ({
    stack,
    address,
    detail: [statementDetail(statement, policy?.statements ?? []), what],
    why,
    place: statement,
  });
  return reachOutside(statement, zone, zones).map(({ what, why }) => at(what, why));
}
