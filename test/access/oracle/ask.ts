import { runSimulation } from "@cloud-copilot/iam-simulate";
import { type Decision, evaluatePolicies, type PolicySet } from "../../../modules/access/evaluate-policies";
import { type PolicyKind, readPolicy } from "../../../modules/access/read-policy";
import { newRequest } from "../../../modules/access/request";
import { parseRequester } from "../../../modules/access/requester";
import { type Json, keyArn, owner, type PolicyCase } from "./policy-cases";

export interface OracleAnswer {
  /** In our words. */
  readonly outcome: "allowed" | "denied";
  /** Context keys that AWS does not know for this action, and that the oracle therefore left out. */
  readonly ignored: readonly string[];
}

export async function askOracle(given: PolicyCase): Promise<OracleAnswer> {
  const named = (policies: readonly Json[]): { name: string; policy: Json }[] =>
    policies.map((policy, index) => ({ name: `policy-${index}`, policy }));
  const simulated = await runSimulation(
    {
      request: {
        principal: given.principal,
        action: given.action,
        resource: { resource: keyArn, accountId: owner },
        contextVariables: Object.fromEntries(
          Object.entries(given.context).map(([key, value]) => [key, typeof value === "string" ? value : [...value]]),
        ),
      },
      identityPolicies: named(given.identityPolicies),
      serviceControlPolicies: given.serviceControl.map((policies, index) => ({
        orgIdentifier: `level-${index}`,
        policies: named(policies),
      })),
      resourceControlPolicies: given.resourceControl.map((policies, index) => ({
        orgIdentifier: `level-${index}`,
        policies: named(policies),
      })),
      resourcePolicy: given.keyPolicy,
    },
    {},
  );
  if (simulated.resultType !== "single") throw new Error(`the oracle refuses: ${JSON.stringify(simulated)}`);
  return {
    outcome: simulated.overallResult === "Allowed" ? "allowed" : "denied",
    ignored: simulated.result.ignoredContextKeys ?? [],
  };
}

/** What our engine says to the same case. */
export function askEngine(given: PolicyCase, ignored: readonly string[] = []): Decision {
  const principal = parseRequester(given.principal);
  if (principal === undefined) throw new Error(`not a requester: ${given.principal}`);
  const request = newRequest({
    principal,
    action: given.action,
    resource: { accountId: owner, arn: keyArn, open: false },
    context: Object.fromEntries(
      Object.entries(given.context)
        .filter(([key]) => !ignored.includes(key))
        .map(([key, value]) => [key, typeof value === "string" ? [value] : value]),
    ),
    unlisted: "absent",
    encryptionContext: {},
  });
  return evaluatePolicies(request, policySet(given));
}

function policySet(given: PolicyCase): PolicySet {
  const read = (policy: Json, kind: PolicyKind) => readPolicy(policy, { document: kind, path: "" }, kind).policy;
  return {
    keyPolicy: read(given.keyPolicy, "key"),
    grants: [],
    identity: { policies: given.identityPolicies.map((policy) => read(policy, "identity")), complete: true },
    serviceControl: {
      levels: given.serviceControl.map((policies, index) => ({
        target: `level-${index}`,
        policies: policies.map((policy) => read(policy, "service-control")),
      })),
    },
    resourceControl: {
      levels: given.resourceControl.map((policies, index) => ({
        target: `level-${index}`,
        policies: policies.map((policy) => read(policy, "resource-control")),
      })),
    },
  };
}
