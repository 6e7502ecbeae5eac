import type { Policy } from "../../access/policy-statement";
import { readPolicyText } from "../../access/policy-text";
import type { PolicyKind } from "../../access/read-policy";
import type { ZoneBoundary } from "../../access/zone-boundary";
import type { Danger, GateRule } from "../gate-rule";
import type { GatedStack } from "../gated-stack";
import { isChange, type PlannedChange, stays } from "../planned-change";
import { grantType, identityPolicyType, isKeyOrReplica } from "../resource-types";
import { widenedGrant } from "../widened-grant";
import { widenedGuardrails } from "../widened-guardrails";
import { widenedIdentityPolicy } from "../widened-identity-policy";
import { widenedKeyPolicy } from "../widened-key-policy";

/**
 * Before and after as the plan has them, so that what somebody did by hand since the last apply is in it. Conditions that may hold count
 * as ones that do.
 */
export const rule: GateRule = {
  id: "policy-widened",
  severity: "critical",
  requirement: "After a plan nobody outside a zone can do anything with its keys that they could not do before.",
  reason: "A zone is an independent key domain: one principal from elsewhere ends that for all data under the key.",
  fix: "take the access back; what is meant needs an exception in exceptions.yaml, and --allow cannot stand for it",
  allowedBy: "exception",
  inStack: (stack) => {
    const { zone } = stack;
    // A stack without a zone is `unreadable-plan`.
    if (zone === undefined) return [];
    return [
      ...stack.changes
        .filter((change) => isChange(change) && stays(change))
        .flatMap((change) => widened(change, stack, zone)),
      ...widenedGuardrails(stack, zone),
    ];
  },
};

function widened(change: PlannedChange, stack: GatedStack, zone: ZoneBoundary): readonly Danger[] {
  const { type, address } = change;
  const { zones } = stack;
  if (type === grantType) return widenedGrant(change, stack, zone);
  const isKey = isKeyOrReplica(change);
  if (!isKey && type !== identityPolicyType) return [];
  const policies = bothPolicies(change, isKey ? "key" : "identity");
  if (policies === undefined) return [];
  const { before, after } = policies;
  return (
    isKey
      ? widenedKeyPolicy(before, after, zone, zones, regionOf(change, stack))
      : widenedIdentityPolicy(before, after, zone, zones)
  ).map(({ detail, why }) => ({ address, detail, why }));
}

/** What a key had before it was made is nothing; a policy that cannot be read may now allow everything, and before nothing. */
function bothPolicies(
  change: PlannedChange,
  kind: PolicyKind,
): { readonly before: Policy | undefined; readonly after: Policy | undefined } | undefined {
  // It is known after the apply alone, which `policy-unknown` says.
  if (change.isUnknown("policy")) return undefined;
  const { before, after, address } = change;
  // The provider writes a policy anew whenever anything in its text changes.
  if (before.policy !== undefined && before.policy === after.policy && change.action !== "replace") return undefined;
  return {
    before: change.action === "replace" ? undefined : readPolicyText(before.policy, address, kind),
    after: readPolicyText(after.policy, address, kind),
  };
}

function regionOf({ address }: PlannedChange, { stack }: GatedStack): string {
  return stack.keys.find((key) => key.address === address)?.region ?? "";
}
