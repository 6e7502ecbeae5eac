import { runSimulation } from "@cloud-copilot/iam-simulate";
import { describe, expect, test } from "@jest/globals";
import { serviceProfiles } from "../../modules/aws/service-profiles";
import { consumerPolicies } from "../../modules/policies/consumer-policy";
import { keyPolicy } from "../../modules/policies/key-policy";
import { type PolicyDocument, policyDocument } from "../../modules/policies/policy-document";
import { serviceStatements } from "../../modules/policies/service-use";
import { administrator, alias, keyArn, owner, region, serviceFor, smallRequest } from "./small-key";

/** What the oracle finds wrong with the form of policies; it reads them before it evaluates anything. */
async function syntaxErrors(
  keyPolicies: PolicyDocument | undefined,
  identity: readonly PolicyDocument[],
): Promise<unknown> {
  const answer = await runSimulation(
    {
      request: {
        principal: administrator,
        action: "kms:DescribeKey",
        resource: { resource: keyArn, accountId: owner },
        contextVariables: {},
      },
      identityPolicies: identity.map((policy, index) => ({ name: `policy${index}`, policy })),
      resourcePolicy: keyPolicies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return answer.resultType === "error" ? answer.errors : [];
}

describe("the syntax of IAM policies is kept by", () => {
  test.each(["full", "administration-only"] as const)("a key policy with %s root access", async (rootAccess) => {
    expect(await syntaxErrors(keyPolicy({ ...smallRequest, rootAccess }), [])).toEqual([]);
  });

  test("consumer policies", async () => {
    const key = {
      partition: "aws",
      ownerAccountId: owner,
      regions: [region, "us-west-2"],
      alias,
      by: "alias",
    } as const;
    const documents = consumerPolicies(smallRequest.uses.map((use) => ({ key, use })));
    expect(await syntaxErrors(undefined, documents)).toEqual([]);
  });

  test.each(serviceProfiles.map(({ name }) => name))("the statements of service profile %s", async (name) => {
    expect(await syntaxErrors(policyDocument(serviceStatements(serviceFor(name), region)), [])).toEqual([]);
  });

  test("nothing that is wrong: the oracle would say so", async () => {
    const broken = { ...keyPolicy(smallRequest), Statement: [{ Sid: "A", Effect: "Maybe", Action: ["kms:Decrypt"] }] };
    expect(await syntaxErrors(broken as unknown as PolicyDocument, [])).not.toEqual([]);
  });
});
