import { type AccessIndex, type KeyEntry, unreadablePolicy } from "./access-index";
import { type Decision, evaluatePolicies } from "./evaluate-policies";
import type { Applying, Step } from "./evaluation-steps";
import { impliedContext } from "./implied-context";
import type { Place } from "./policy-statement";
import { type ContextValue, newRequest, type Request } from "./request";
import type { Requester } from "./requester";

/** May somebody do something with a key? */
export interface AccessQuestion {
  readonly principal: Requester;
  /** `kms:Decrypt` */
  readonly action: string;
  readonly key: KeyEntry;
  /** What is known of the request beyond what principal and key imply. */
  readonly context?: Readonly<Record<string, ContextValue>>;
  /** @default "unknown" */
  readonly encryptionContext?: Readonly<Record<string, string>> | "unknown";
}

/** The chain of evaluation, up to what decided. */
export interface Explanation {
  readonly request: Request;
  readonly outcome: Decision["outcome"];
  readonly because: Decision["because"];
  readonly steps: readonly ExplainedStep[];
  /** What the answer takes for granted, because the stacks cannot show it. */
  readonly assumptions: readonly string[];
}

export interface ExplainedStep {
  readonly stage: Step["stage"];
  readonly passes: Step["passes"];
  readonly finding: string;
  /** True for the step that decided. */
  readonly decides: boolean;
  readonly lines: readonly ExplainedLine[];
}

/** One statement or grant, and what came of it. */
export interface ExplainedLine extends Place {
  readonly policyType: Applying["policyType"];
  /** A statement's Sid, or a grant's id. */
  readonly name: string | undefined;
  readonly applies: Step["passes"];
  /** The first thing that does not match or is not known, with what the request says; undefined when all matches. */
  readonly why: string | undefined;
}

/** Decides a question over the stacks of an index, and says how. */
export function explainDecision(index: AccessIndex, question: AccessQuestion): Explanation {
  const { principal, action, key } = question;
  const request = newRequest({
    principal,
    action,
    resource: key.resource,
    context: question.context ?? {},
    implied: impliedContext(principal, key, action, index.places),
    encryptionContext: question.encryptionContext ?? "unknown",
  });
  const identityPolicies = index.identityPoliciesOf(principal);
  const decision = evaluatePolicies(request, {
    keyPolicy: key.key.policy ?? unreadablePolicy(key.key),
    grants: [...key.key.grants, ...index.userGrantsOn(key)],
    identity: {
      policies: identityPolicies.map((policy) => policy.policy ?? unreadablePolicy(policy)),
      complete: false,
    },
    serviceControl:
      principal.kind === "service" ? { levels: [] } : index.guardrailsOf(principal.accountId, "service-control"),
    resourceControl: index.guardrailsOf(key.accountId, "resource-control"),
  });
  const deciding = decidingStage(decision);
  const end = decision.steps.findIndex((step) => step.stage === deciding) + 1;
  return {
    request,
    outcome: decision.outcome,
    because: decision.because,
    steps: decision.steps.slice(0, end).map((step) => ({
      stage: step.stage,
      passes: step.passes,
      finding: step.finding,
      decides: step.stage === deciding,
      lines: [...step.applying, ...step.failing].map(explainLine),
    })),
    assumptions: assumptions(index, question),
  };
}

/** An explicit deny ends the evaluation, and so does a guardrail without an Allow; otherwise all parts together decide. */
function decidingStage(decision: Decision): Step["stage"] {
  const ends = decision.steps.find(
    (step) => step.passes === false && (step.stage === "deny" || step.stage === "service-control"),
  );
  return ends?.stage ?? "result";
}

function explainLine({ policyType, match }: Applying): ExplainedLine {
  if ("grant" in match) {
    const { grant } = match;
    const applies = match.named === false ? match.account : match.named;
    return { document: grant.document, path: grant.path, policyType, name: grant.id, applies, why: match.mismatch };
  }
  const { statement, mismatch } = match;
  return {
    document: statement.document,
    path: statement.path,
    policyType,
    name: statement.sid,
    applies: match.applies,
    why:
      mismatch === undefined
        ? undefined
        : `${mismatch.element}: wants ${mismatch.expected}; the request has ${mismatch.actual}`,
  };
}

function assumptions({ places }: AccessIndex, { principal, key }: AccessQuestion): string[] {
  const unplaced = [
    ...(principal.kind === "service" || places.has(principal.accountId) ? [] : [principal.accountId]),
    ...(places.has(key.accountId) ? [] : [key.accountId]),
  ];
  return [
    "the key is enabled, and nobody has changed its policy or grants by hand",
    "no permissions boundary, session policy or VPC endpoint policy takes anything away",
    ...(principal.kind === "service" ? [] : ["IAM policies that are not in these stacks are not known"]),
    ...[...new Set(unplaced)].map((account) => `no guardrail is known to reach account ${account}`),
  ];
}
