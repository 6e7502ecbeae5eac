import { type Decision, evaluatePolicies } from "../../modules/access/evaluate-policies";
import type { ControlLevel } from "../../modules/access/evaluation-steps";
import type { Grant } from "../../modules/access/grant-match";
import type { Policy } from "../../modules/access/policy-statement";
import { type PolicyKind, readPolicy } from "../../modules/access/read-policy";
import { type ContextValue, newRequest } from "../../modules/access/request";
import { parseRequester } from "../../modules/access/requester";
import type { Json } from "./oracle/policy-cases";

/** One request and everything that decides over it, as a row of a table. What is left out is empty. */
export interface EvaluationCase {
  readonly name: string;
  /** AWS's page that says so. */
  readonly source: string;
  readonly principal: string;
  readonly action: string;
  /** @default "111122223333" */
  readonly keyAccount?: string;
  /** One statement, or more. */
  readonly keyPolicy: Json;
  readonly identity?: readonly Json[];
  /** @default true */
  readonly identityComplete?: boolean;
  /** Level by level, from the root down to the account. */
  readonly serviceControl?: readonly (readonly Json[])[];
  readonly resourceControl?: readonly (readonly Json[])[];
  readonly grants?: readonly Partial<Grant>[];
  readonly context?: Readonly<Record<string, ContextValue>>;
  /** @default "absent" */
  readonly unlisted?: "absent" | "unknown";
  /** @default {} */
  readonly encryptionContext?: Readonly<Record<string, string>> | "unknown";
  readonly expected: Decision["outcome"];
}

export const owner = "111122223333";
export const other = "444455556666";
export const keyOf = (account: string): string =>
  `arn:aws:kms:us-west-2:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** A document around statements; a document stays as it is. */
export function policyOf(statements: Json): Json {
  const isDocument = typeof statements === "object" && statements !== null && "Version" in statements;
  return isDocument ? statements : { Version: "2012-10-17", Statement: statements };
}

export function readDocument(statements: Json, kind: PolicyKind): Policy {
  const { policy, unreadable } = readPolicy(policyOf(statements), { document: kind, path: "" }, kind);
  if (unreadable.length > 0) throw new Error(`not a ${kind} policy: ${JSON.stringify(unreadable)}`);
  return policy;
}

export function decide(given: EvaluationCase): Decision {
  const principal = parseRequester(given.principal);
  if (principal === undefined) throw new Error(`not a requester: ${given.principal}`);
  const accountId = given.keyAccount ?? owner;
  const levels = (found: EvaluationCase["serviceControl"], kind: PolicyKind): ControlLevel[] =>
    (found ?? []).map((policies, index) => ({
      target: `level-${index}`,
      policies: policies.map((policy) => readDocument(policy, kind)),
    }));
  const request = newRequest({
    principal,
    action: given.action,
    resource: { accountId, arn: keyOf(accountId), open: false },
    context: given.context ?? {},
    unlisted: given.unlisted ?? "absent",
    encryptionContext: given.encryptionContext ?? {},
  });
  return evaluatePolicies(request, {
    keyPolicy: readDocument(given.keyPolicy, "key"),
    grants: (given.grants ?? []).map((grant, index) => ({
      document: "stack",
      path: `/resource/aws_kms_grant/${index}`,
      id: `grant-${index}`,
      name: "",
      grantee: "",
      retiring: undefined,
      operations: [],
      constraint: undefined,
      ...grant,
    })),
    identity: {
      policies: (given.identity ?? []).map((policy) => readDocument(policy, "identity")),
      complete: given.identityComplete ?? true,
    },
    serviceControl: { levels: levels(given.serviceControl, "service-control") },
    resourceControl: { levels: levels(given.resourceControl, "resource-control") },
  });
}
