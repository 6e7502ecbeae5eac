import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type AuditTarget, auditSession, auditSessions } from "../../modules/live/audit-session";
import { callBudget } from "../../modules/live/call-budget";
import { type AwsStandIn, startStandIn } from "./aws-stand-in";

const environment = { ...process.env };
const target: AuditTarget = {
  partition: "aws-us-gov",
  accountId: "410000000001",
  region: "us-gov-west-1",
  role: "OrgKeysAudit",
  externalId: undefined,
  sessionTags: {},
};

let aws: AwsStandIn;
beforeAll(async () => {
  aws = await startStandIn();
  process.env = { ...environment, ...aws.environment };
});
beforeEach(() => {
  aws.calls.length = 0;
});
afterAll(async () => {
  process.env = environment;
  await aws.stop();
});

const role = {
  Action: "AssumeRole",
  RoleArn: "arn:aws-us-gov:iam::410000000001:role/OrgKeysAudit",
  RoleSessionName: "orgkeys",
  Version: "2011-06-15",
  account: "410000000001",
};

test("a session asks for the role alone, where the role asks for nothing", async () => {
  const { region, credentials } = await auditSession(target);
  expect(aws.calls).toEqual([role]);
  expect([region, credentials]).toEqual([
    "us-gov-west-1",
    { accessKeyId: "SESSION410000000001", secretAccessKey: "secret", sessionToken: "token" },
  ]);
});

test("a session has the external id and the tags that the role asks for", async () => {
  await auditSession({
    ...target,
    externalId: "${not} Terraform's",
    sessionTags: { Project: "orgkeys", Stage: "all" },
  });
  expect(aws.calls).toEqual([
    {
      ...role,
      ExternalId: "${not} Terraform's",
      "Tags.member.1.Key": "Project",
      "Tags.member.1.Value": "orgkeys",
      "Tags.member.2.Key": "Stage",
      "Tags.member.2.Value": "all",
    },
  ]);
});

test("the sessions of a run are calls of its budget, and find their credentials once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orgkeys-"));
  const [config, asked, program] = ["config", "asked", "program.cjs"].map((name) => join(folder, name));
  const credentials = { Version: 1, AccessKeyId: "found", SecretAccessKey: "secret" };
  writeFileSync(
    String(program),
    `require("node:fs").appendFileSync(${JSON.stringify(asked)}, "asked;"); console.log(${JSON.stringify(JSON.stringify(credentials))});`,
  );
  writeFileSync(String(config), `[default]\ncredential_process = "${process.execPath}" "${program}"\n`);
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...without } = process.env;
  process.env = { ...without, AWS_CONFIG_FILE: config };
  try {
    const budget = callBudget(4);
    const sessionOf = auditSessions(budget);
    const accountIds = ["410000000001", "410000000002", "410000000003"];
    await Promise.all(accountIds.map((accountId) => sessionOf({ ...target, accountId })));
    expect(readFileSync(String(asked), "utf8")).toBe("asked;");
    expect([budget.calls, aws.calls.length]).toEqual([3, 3]);
  } finally {
    process.env = { ...environment, ...aws.environment };
    rmSync(folder, { recursive: true });
  }
});

test("what cannot be reached is said to be so", async () => {
  process.env.AWS_ENDPOINT_URL = "http://127.0.0.1:9";
  await expect(auditSession(target)).rejects.toMatchObject({
    name: "NoSession",
    message: expect.stringMatching(
      /^arn:aws-us-gov:iam::410000000001:role\/OrgKeysAudit cannot be assumed: .*ECONNREFUSED/,
    ),
  });
}, 60_000);
