import type { GrantMatch } from "./grant-match";
import type { Policy } from "./policy-statement";
import type { Request } from "./request";
import { matchStatement, type StatementMatch } from "./statement-match";
import { all, any, not, type Truth } from "./truth";

/** The identity-based policies of whoever makes the request. */
export interface IdentityPolicies {
  readonly policies: readonly Policy[];
  /** False when there may be others that are not known here: they could allow what these do not. */
  readonly complete: boolean;
}

/**
 * Service or resource control policies, from the organization's root down to the account; a level without policies of
 * its own has the `FullAWSAccess` that AWS attaches. No levels: there are none, or they do not reach this account, as
 * with the management account.
 */
export interface ControlPolicies {
  readonly levels: readonly ControlLevel[];
}

export interface ControlLevel {
  /** A root, OU or account. */
  readonly target: string;
  readonly policies: readonly Policy[];
}

export const policyTypes = [
  "resource control policy",
  "service control policy",
  "key policy",
  "identity-based policy",
] as const;
export type PolicyType = (typeof policyTypes)[number];

/** One stage of the evaluation, in AWS's order. */
export interface Step {
  readonly stage: "deny" | "resource-control" | "service-control" | "key-policy" | "identity" | "grants" | "result";
  /** Whether the stage lets the request pass; for `deny`, whether nothing denies it. */
  readonly passes: Truth;
  /** In one sentence. */
  readonly finding: string;
  /** Statements and grants that apply, or that nobody can rule out. */
  readonly applying: readonly Applying[];
  /** Those that do not apply, each with its first mismatch. */
  readonly failing: readonly Applying[];
}

export type Applying =
  | { readonly policyType: PolicyType; readonly match: StatementMatch }
  | { readonly policyType: "grant"; readonly match: GrantMatch };

export interface Matches {
  readonly policyType: PolicyType;
  readonly matches: readonly StatementMatch[];
  /** A policy that is not understood may hold any statement. */
  readonly hidden: Truth;
}

export function matchAll(policyType: PolicyType, policies: readonly Policy[], request: Request): Matches {
  return {
    policyType,
    matches: policies.flatMap((policy) => policy.statements.map((statement) => matchStatement(statement, request))),
    hidden: policies.every((policy) => policy.understood) ? false : "unknown",
  };
}

function split(found: readonly Matches[], effect: "Allow" | "Deny"): Pick<Step, "applying" | "failing"> {
  const list = found.flatMap(({ policyType, matches }) =>
    matches
      .filter((match) => match.statement.effect === effect)
      .map((match): Applying & { match: StatementMatch } => ({ policyType, match })),
  );
  return {
    applying: list.filter(({ match }) => match.applies !== false),
    failing: list.filter(({ match }) => match.applies === false),
  };
}

function truthOf(found: Matches, effect: "Allow" | "Deny", part: "applies" | "named" | "account" = "applies"): Truth {
  return any([
    ...found.matches.filter((match) => match.statement.effect === effect).map((match) => match[part]),
    found.hidden,
  ]);
}

/**
 * One explicit deny, in any of the policies, decides.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function denyStep(found: readonly Matches[]): Step {
  const denied = any(found.map((matches) => truthOf(matches, "Deny")));
  return {
    stage: "deny",
    passes: not(denied),
    finding:
      denied === true
        ? "a Deny statement applies"
        : denied === false
          ? "no Deny statement applies"
          : "a Deny statement may apply",
    ...split(found, "Deny"),
  };
}

/**
 * "RCPFullAWSAccess is automatically attached to the organization root, every OU, and every account …; you cannot detach
 * this policy", and Allow exists in no other: beyond their Deny statements, RCPs let everything pass.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
 */
export function rcpStep(levels: number, exempt: boolean, retiresGrant: boolean): Step {
  const finding = exempt
    ? "resource control policies do not reach service-linked roles"
    : retiresGrant
      ? "resource control policies do not reach kms:RetireGrant"
      : levels === 0
        ? "no resource control policies"
        : "RCPFullAWSAccess lets pass what no Deny statement stops";
  return { stage: "resource-control", passes: true, finding, applying: [], failing: [] };
}

/**
 * "For a permission to be allowed for a specific account, there must be an explicit Allow statement at every level from
 * the root through each OU in the direct path to the account (including the target account itself)."
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
 */
export function scpStep(levels: readonly ControlLevel[], found: readonly Matches[], notReached: boolean): Step {
  const perLevel = found.map((matches, index) =>
    levels[index]?.policies.length === 0 ? true : truthOf(matches, "Allow"),
  );
  const passes = all(perLevel);
  const stops = levels.filter((_, index) => perLevel[index] === false).map((level) => level.target);
  const finding = notReached
    ? "service control policies do not reach this principal"
    : levels.length === 0
      ? "no service control policies"
      : passes === true
        ? "every level allows it"
        : passes === false
          ? `no Allow at ${stops.join(", ")}`
          : "an Allow cannot be decided";
  return { stage: "service-control", passes, finding, ...split(found, "Allow") };
}

/**
 * "Unless the key policy explicitly allows it, you cannot use IAM policies to allow access to a KMS key": a statement for
 * the account does not give access by itself, one that names the principal does.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function keyPolicyStep(
  found: Matches,
  retiresGrant: boolean,
): { readonly step: Step; readonly named: Truth; readonly account: Truth } {
  const named = truthOf(found, "Allow", "named");
  const account = truthOf(found, "Allow", "account");
  const finding = retiresGrant
    ? "kms:RetireGrant is not effective in a key policy"
    : named === true
      ? "it allows the principal itself"
      : account === true
        ? "it allows the principal's account, whose IAM policies then decide"
        : named === false && account === false
          ? "it allows neither the principal nor its account"
          : "an Allow cannot be decided";
  return {
    step: { stage: "key-policy", passes: any([named, account]), finding, ...split([found], "Allow") },
    named,
    account,
  };
}

export function identityStep(request: Request, identity: IdentityPolicies, found: Matches): Step {
  const { principal } = request;
  const parts = split([found], "Allow");
  if (principal.kind === "service") {
    return { stage: "identity", passes: false, finding: "AWS services have no IAM policies", ...parts };
  }
  // "… with the exception of the AWS account root user, which has full access."
  if (principal.kind === "root") {
    return { stage: "identity", passes: true, finding: "the root user needs no IAM policy", ...parts };
  }
  const passes = any([truthOf(found, "Allow"), identity.complete ? false : "unknown"]);
  const finding =
    passes === true
      ? "an IAM policy allows it"
      : passes === false
        ? "no IAM policy allows it"
        : identity.complete
          ? "an Allow cannot be decided"
          : "none of the known IAM policies surely allows it, and others may";
  return { stage: "identity", passes, finding, ...parts };
}

export function grantStep(found: readonly GrantMatch[]): {
  readonly step: Step;
  readonly named: Truth;
  readonly account: Truth;
} {
  const named = any(found.map((match) => match.named));
  const account = any(found.map((match) => match.account));
  const passes = any([named, account]);
  const applies = (match: GrantMatch): boolean => match.named !== false || match.account !== false;
  const applying = (match: GrantMatch): Applying => ({ policyType: "grant", match });
  return {
    step: {
      stage: "grants",
      passes,
      finding:
        found.length === 0
          ? "the key has no grants"
          : passes === true
            ? "a grant allows it"
            : passes === false
              ? "no grant allows it"
              : "a grant cannot be decided",
      applying: found.filter(applies).map(applying),
      failing: found.filter((match) => !applies(match)).map(applying),
    },
    named,
    account,
  };
}
