import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RunReport } from "../../modules/terraform/run/run-report";
import { AUDIT_OVERRIDE_FILE, auditOverride } from "../../modules/terraform/steps/audit-override";
import type { Environment } from "./emulator";
import { type LiveOrganization, startOrganization } from "./organization";
import { startOrgkeys } from "./orgkeys-process";

const CONFIG = join(__dirname, "../fixtures/small");
const STACK = "acme.health.clinic";
const CLINIC = { accountId: "310000000001", region: "us-east-1" };
const READER = { accountId: "000000000001", region: "us-east-1", role: "DriftReader" };

let live: LiveOrganization;
let environment: Environment;

/** Nobody but the reader gets in, and with the audit role alone: there is no deploy role. */
beforeAll(async () => {
  live = await startOrganization("audit-plan", { strictRoles: true, rolesAreThere: false });
  await live.load(CONFIG);
  mkdirSync(join(live.folder, "runs"));
  const { iam } = await live.emulator.clientsFor({ ...CLINIC, role: "Administrator" });
  const trust = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${READER.accountId}:role/${READER.role}` },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: { StringEquals: { "sts:ExternalId": "orgkeys-acme" } },
      },
    ],
  };
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  await iam.send(new CreateRoleCommand({ RoleName: "OrgKeysAudit", AssumeRolePolicyDocument }));
  environment = { ...live.environment, ...(await live.emulator.environmentAs(READER)) };
});
afterAll(() => live?.stop());

test("who may not become the deploy role plans with --audit, and leaves nothing beside the JSON", async () => {
  const folder = live.stackFolder(STACK);
  const json = readFileSync(join(folder, "cdk.tf.json"), "utf8");
  const denied = await orgkeys("plan", STACK);
  expect([denied.code, denied.report?.stacks[0]?.failure?.cause]).toEqual([1, "role-not-assumed"]);

  // As a process leaves it that is killed while Terraform plans.
  const left = join(folder, AUDIT_OVERRIDE_FILE);
  writeFileSync(left, JSON.stringify(auditOverride(JSON.parse(json), "OrgKeysAudit")));
  const { code, report } = await orgkeys("plan", STACK, "--audit");
  expect([code, report?.audit, report?.gate?.open]).toEqual([2, true, 0]);
  expect(report?.stacks.map(({ status, changes }) => [status, (changes?.actions.create ?? 0) > 0])).toEqual([
    ["planned", true],
  ]);
  expect([existsSync(left), readFileSync(join(folder, "cdk.tf.json"), "utf8") === json]).toEqual([false, true]);
  expect(readdirSync(folder).filter((name) => /\.tf|lock\.info/.test(name))).toEqual(["cdk.tf.json"]);

  const refused = await orgkeys("apply", "--resume", report?.id ?? "", "--auto-approve");
  expect([refused.code, refused.noted]).toEqual([1, expect.stringContaining("it planned with the audit role")]);
});

/** A run's report, as it prints it. */
async function orgkeys(...words: string[]) {
  const places = ["--config", CONFIG, "--out", live.out, "--runs", join(live.folder, "runs"), "--format", "json"];
  const { code, stdout, stderr } = await startOrgkeys([...words, ...places], environment).ended;
  const report: RunReport | undefined = stdout === "" ? undefined : JSON.parse(stdout);
  return { code, report, noted: stderr };
}
