import { worksAcrossAccounts } from "./cross-account-actions";
import {
  type Applying,
  type ControlPolicies,
  denyStep,
  grantStep,
  type IdentityPolicies,
  identityStep,
  keyPolicyStep,
  matchAll,
  rcpStep,
  type Step,
  scpStep,
} from "./evaluation-steps";
import { type Grant, matchGrant } from "./grant-match";
import type { Policy } from "./policy-statement";
import type { Request } from "./request";
import { all, any, type Truth } from "./truth";

/** Everything that decides over requests to one key. */
export interface PolicySet {
  readonly keyPolicy: Policy;
  readonly grants: readonly Grant[];
  readonly identity: IdentityPolicies;
  readonly serviceControl: ControlPolicies;
  readonly resourceControl: ControlPolicies;
}

export type Outcome = "allowed" | "denied" | "unknown";

export interface Decision {
  readonly outcome: Outcome;
  readonly because: "explicit deny" | "implicit deny" | "allow" | "cannot be decided";
  /** What decided: the denying or the allowing statements and grants, or those that could not be decided. */
  readonly deciding: readonly Applying[];
  readonly steps: readonly Step[];
}

/** The answer for a question of safety: what cannot be decided counts as allowed. */
export function couldBeAllowed(decision: Pick<Decision, "outcome">): boolean {
  return decision.outcome !== "denied";
}

/**
 * Decides over one request to AWS KMS.
 *
 * "By default, all requests are implicitly denied …; requests must be explicitly allowed …; an explicit deny overrides an
 * explicit allow." The order is AWS's: deny evaluation, resource control policies, service control policies,
 * resource-based policy, identity-based policies
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html), and
 * for KMS grants beside the policies (https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html).
 * Permissions boundaries, session policies and VPC endpoint policies can only take away; they are not part of it.
 */
export function evaluatePolicies(request: Request, policies: PolicySet): Decision {
  const { principal, action } = request;
  const retiresGrant = retires(action);
  const exempt = principal.kind !== "service" && principal.serviceLinked;
  // Neither SCPs nor RCPs reach service-linked roles, and an AWS service is in no account.
  const scpLevels = exempt || principal.kind === "service" ? [] : policies.serviceControl.levels;
  // "The kms:RetireGrant permission is not effective in a key policy or resource control policy."
  const rcpLevels = exempt || retiresGrant ? [] : policies.resourceControl.levels;
  const keyPolicy = retiresGrant ? { ...policies.keyPolicy, statements: [], understood: true } : policies.keyPolicy;
  const identityPolicies = principal.kind === "service" ? [] : policies.identity.policies;

  const inKeyPolicy = matchAll("key policy", [keyPolicy], request);
  const inIdentity = matchAll("identity-based policy", identityPolicies, request);
  const inScps = scpLevels.map((level) => matchAll("service control policy", level.policies, request));
  const inRcps = rcpLevels.map((level) => matchAll("resource control policy", level.policies, request));
  const inGrants = policies.grants.map((grant) => matchGrant(grant, request));

  const deny = denyStep([...inRcps, ...inScps, inKeyPolicy, inIdentity]);
  const rcp = rcpStep(rcpLevels.length, exempt, retiresGrant);
  const scp = scpStep(scpLevels, inScps, exempt || principal.kind === "service");
  const key = keyPolicyStep(inKeyPolicy, retiresGrant);
  const identity = identityStep(request, policies.identity, inIdentity);
  const grants = grantStep(inGrants);

  const named = any([key.named, grants.named]);
  const delegated = any([key.account, grants.account]);
  const { passes, finding } = allowed(request, named, delegated, identity.passes, inGrants.length > 0);
  const steps: Step[] = [deny, rcp, scp, key.step, identity, grants.step];
  const truth = all([deny.passes, rcp.passes, scp.passes, passes]);
  const result: Step = { stage: "result", passes: truth, finding, applying: [], failing: [] };
  return { ...verdict(truth, deny, scp, [key.step, identity, grants.step]), steps: [...steps, result] };
}

/**
 * Joins the owner's half (key policy and grants) with the user's (IAM policies).
 *
 * In one account, being named is enough, and a statement for the account makes IAM policies count. Across accounts both
 * halves are needed: "Neither the key policy nor the IAM policy alone is sufficient".
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
function allowed(
  request: Request,
  named: Truth,
  delegated: Truth,
  identity: Truth,
  hasGrants: boolean,
): { readonly passes: Truth; readonly finding: string } {
  const { principal, resource, action } = request;
  if (principal.kind === "service") return { passes: named, finding: "an AWS service needs the key policy or a grant" };
  const sameAccount = principal.accountId === resource.accountId;
  if (retires(action)) {
    // "Principals specified in the grant can retire a grant without the kms:RetireGrant permission." An account can
    // delegate it in IAM: one that is the retiring principal, and the one that owns the key.
    const owner = all([sameAccount && hasGrants, identity]);
    return { passes: any([named, all([delegated, identity]), owner]), finding: "the grant says who may retire it" };
  }
  if (sameAccount) {
    return {
      passes: any([named, all([delegated, identity])]),
      finding: "same account: to be named is enough, and IAM counts where the account is named",
    };
  }
  if (!worksAcrossAccounts(action)) {
    return { passes: false, finding: `${action} works in the key's own account alone` };
  }
  return {
    passes: all([any([named, delegated]), identity]),
    finding: "another account: the owner's half and the user's half are both needed",
  };
}

function retires(action: string): boolean {
  return action.toLowerCase() === "kms:retiregrant";
}

function verdict(truth: Truth, deny: Step, scp: Step, allows: readonly Step[]): Omit<Decision, "steps"> {
  const applying = allows.flatMap((step) => step.applying);
  if (truth === true) return { outcome: "allowed", because: "allow", deciding: allowing(applying) };
  if (deny.passes === false) {
    return {
      outcome: "denied",
      because: "explicit deny",
      deciding: deny.applying.filter(({ match }) => "applies" in match && match.applies === true),
    };
  }
  if (truth === false) return { outcome: "denied", because: "implicit deny", deciding: [] };
  return {
    outcome: "unknown",
    because: "cannot be decided",
    deciding: [...deny.applying, ...(scp.passes === "unknown" ? scp.applying : []), ...applying],
  };
}

/** Every statement and grant that surely applies, whether or not another one would have been enough. */
function allowing(applying: readonly Applying[]): Applying[] {
  return applying.filter(({ match }) => match.named === true || match.account === true);
}
