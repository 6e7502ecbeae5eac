import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "./emulator";

const [OWNER, PIPELINE] = ["111111111111", "222222222222"];
const DEPLOY = `arn:aws:iam::${OWNER}:role/Deploy`;

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ name: "emulator-roles", strictRoles: true });
  const { iam } = await emulator.clientsFor({ accountId: OWNER, region: "us-east-1" });
  const trust = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: [`arn:aws:iam::${PIPELINE}:root`] },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          ArnEquals: { "aws:PrincipalArn": [`arn:aws:iam::${PIPELINE}:role/Pipeline`] },
          StringEquals: { "sts:ExternalId": ["secret handshake"], "aws:RequestTag/Project": ["orgkeys"] },
        },
      },
    ],
  };
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  await iam.send(new CreateRoleCommand({ RoleName: "Deploy", AssumeRolePolicyDocument }));
});
afterAll(() => emulator?.stop());

const complete = {
  RoleArn: DEPLOY,
  RoleSessionName: "e2e",
  ExternalId: "secret handshake",
  Tags: [{ Key: "Project", Value: "orgkeys" }],
};

async function assume(role: string, request: AssumeRoleCommand["input"]): Promise<string | undefined> {
  const { sts } = await emulator.clientsFor({ accountId: PIPELINE ?? "", region: "us-east-1", role });
  return (await sts.send(new AssumeRoleCommand(request))).AssumedRoleUser?.Arn;
}

test("who is trusted gets in", async () => {
  expect(await assume("Pipeline", complete)).toBe(`arn:aws:sts::${OWNER}:assumed-role/Deploy/e2e`);
});

test.each([
  ["another role of the account", "Other", complete],
  ["no external id", "Pipeline", { ...complete, ExternalId: undefined }],
  ["another external id", "Pipeline", { ...complete, ExternalId: "another" }],
  ["no session tag", "Pipeline", { ...complete, Tags: undefined }],
  ["a role that does not exist", "Pipeline", { ...complete, RoleArn: `${DEPLOY}ment` }],
])("%s stays outside", async (_, role, request) => {
  await expect(assume(role, request)).rejects.toThrow("not authorized");
});
