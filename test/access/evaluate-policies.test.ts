import { describe, expect, test } from "@jest/globals";
import { couldBeAllowed, type Decision, evaluatePolicies } from "../../modules/access/evaluate-policies";
import { readPolicy } from "../../modules/access/read-policy";
import { newRequest } from "../../modules/access/request";
import { decide, type EvaluationCase, keyOf, owner, policyOf } from "./decide";
import { documentedCases } from "./documented-cases";
import type { Json } from "./oracle/policy-cases";

const bySource = new Map<string, EvaluationCase[]>();
for (const row of documentedCases) bySource.set(row.source, [...(bySource.get(row.source) ?? []), row]);

describe.each([...bySource])("%s", (_source, rows) => {
  test.each(rows.map((row) => [row.name, row] as const))("%s", (_name, row) => {
    expect(decide(row).outcome).toBe(row.expected);
  });
});

test("every case has a name of its own", () => {
  const names = documentedCases.map(({ source, name }) => `${source} ${name}`);
  expect(names.length).toBe(new Set(names).size);
});

describe("a key policy that is not fully understood", () => {
  const decideOver = (statements: Json): Decision =>
    evaluatePolicies(
      newRequest({
        principal: { kind: "service", name: "logs.us-west-2.amazonaws.com" },
        action: "kms:Decrypt",
        resource: { accountId: owner, arn: keyOf(owner), open: false },
        unlisted: "absent",
      }),
      {
        keyPolicy: readPolicy(policyOf(statements), { document: "", path: "" }, "key").policy,
        grants: [],
        identity: { policies: [], complete: true },
        serviceControl: { levels: [] },
        resourceControl: { levels: [] },
      },
    );
  const service = { Service: "logs.us-west-2.amazonaws.com" };
  const allow: Json = { Effect: "Allow", Principal: service, Action: "kms:*", Resource: "*" };

  test.each<[string, Json]>([
    ["an Allow with an element that nobody knows", { ...allow, Resources: "*" }],
    ["an Allow for somebody of an unknown kind", { ...allow, Principal: { Aws: "x" } }],
    [
      "an Allow with a condition that cannot be read",
      { ...allow, Condition: { StringEquals: { "aws:SourceAccount": {} } } },
    ],
    [
      "an Allow with an operator that nobody knows",
      { ...allow, Condition: { StringMatches: { "aws:SourceAccount": "x" } } },
    ],
    ["a Deny with an element that nobody knows", [allow, { ...allow, Effect: "Deny", Resources: "*" }]],
    [
      "a Deny for all but somebody of an unknown kind",
      [allow, { Effect: "Deny", NotPrincipal: { Aws: "x" }, Action: "kms:*", Resource: "*" }],
    ],
    ["a Deny for actions that cannot be read", [allow, { ...allow, Effect: "Deny", Action: [{}] }]],
    [
      "a Deny for all but actions that cannot be read",
      [allow, { Effect: "Deny", Principal: "*", NotAction: [{}], Resource: "*" }],
    ],
    ["a statement with an effect that nobody knows", [allow, { ...allow, Effect: "deny" }]],
    ["a document with an element that nobody knows", { Version: "2012-10-17", Statements: [], Statement: [allow] }],
    ["a document without statements", { Version: "2012-10-17" }],
  ])("decides nothing: %s", (_name, statements) => {
    expect(decideOver(statements).outcome).toBe("unknown");
  });

  test("still denies where another statement surely does", () => {
    const deny: Json = { Effect: "Deny", Principal: "*", Action: "kms:*", Resource: "*" };
    expect(decideOver([{ ...allow, Resources: "*" }, deny]).because).toBe("explicit deny");
  });
});

test("for a question of safety, what cannot be decided counts as allowed", () => {
  expect((["allowed", "unknown", "denied"] as const).map((outcome) => couldBeAllowed({ outcome }))).toEqual([
    true,
    true,
    false,
  ]);
});
