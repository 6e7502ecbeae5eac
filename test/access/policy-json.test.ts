import { expect, test } from "@jest/globals";
import { policyJson } from "../../modules/access/policy-json";
import type { Policy } from "../../modules/access/policy-statement";
import { type PolicyKind, readPolicy } from "../../modules/access/read-policy";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import { outputOf } from "../checks/sample-output";

const sample = outputOf("config");
const place = { document: "test", path: "" };

function again(policy: Policy, kind: PolicyKind): Policy {
  return readPolicy(JSON.parse(policyJson(policy) ?? "null"), place, kind).policy;
}

/** Without where it stands. */
function meaning({ statements, understood }: Policy): unknown {
  return {
    understood,
    statements: statements.map(({ document: _document, path: _path, conditions, ...statement }) => ({
      ...statement,
      conditions: conditions.map(({ path: _, ...condition }) => condition),
    })),
  };
}

test("a policy that was read is written as what was read, for every key and guardrail of the sample", () => {
  const stacks = [...sample.texts].map(([name, text]) => readSynthesizedStack(name, text));
  const keys = stacks.flatMap((stack) => stack.keys.flatMap(({ policy }) => policy ?? []));
  const guardrails = stacks.flatMap((stack) =>
    stack.guardrails.flatMap(({ policy, kind }) => (policy === undefined ? [] : [[policy, kind] as const])),
  );
  expect(keys.length).toBeGreaterThan(30);
  expect(guardrails.length).toBeGreaterThan(5);
  for (const policy of keys) expect(meaning(again(policy, "key"))).toEqual(meaning(policy));
  for (const [policy, kind] of guardrails) expect(meaning(again(policy, kind))).toEqual(meaning(policy));
});

const statement = { Sid: "Any", Effect: "Allow", Action: "kms:*", Resource: "*" };

test.each<[string, object]>([
  ["anybody", { ...statement, Principal: "*" }],
  [
    "everybody but one, and all but one action",
    {
      Effect: "Deny",
      NotPrincipal: { AWS: "arn:aws:iam::310000000001:root" },
      NotAction: ["kms:Decrypt"],
      NotResource: "*",
    },
  ],
  [
    "principals of several types",
    { ...statement, Principal: { AWS: ["310000000001"], Service: ["logs.amazonaws.com"] } },
  ],
  [
    "two keys of one operator",
    {
      ...statement,
      Principal: { AWS: "*" },
      Condition: {
        StringEquals: { "kms:CallerAccount": "310000000001", "kms:ViaService": ["a", "b"] },
        Bool: { "kms:GrantIsForAWSResource": true },
      },
    },
  ],
])("what a statement says of %s is written as it is", (_, only) => {
  for (const Version of ["2008-10-17", "2012-10-17"]) {
    const { policy } = readPolicy({ Version, Statement: [only] }, place, "key");
    expect(meaning(again(policy, "key"))).toEqual(meaning(policy));
  }
});

test.each<[string, object]>([
  ["what is not understood", { ...statement, Principal: { AWS: "*" }, Other: 1 }],
  ["a document that is malformed", { ...statement, Effect: "Perhaps", Principal: { AWS: "*" } }],
  [
    "a key that Terraform looks up",
    { ...statement, Principal: { AWS: "*" }, Resource: "arn:aws:kms:us-east-1:310000000001:key/${alias/records-prod}" },
  ],
])("no policy is written with %s", (_, only) => {
  const { policy } = readPolicy({ Version: "2012-10-17", Statement: [only] }, place, "key");
  expect(policyJson(policy)).toBeUndefined();
});
