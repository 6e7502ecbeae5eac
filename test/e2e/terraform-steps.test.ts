import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { systemClock } from "../../modules/cli/system-clock";
import { applyStack } from "../../modules/terraform/steps/apply-stack";
import { findTool } from "../../modules/terraform/steps/find-tool";
import { initStack } from "../../modules/terraform/steps/init-stack";
import { planStack } from "../../modules/terraform/steps/plan-stack";
import { planFile } from "../../modules/terraform/steps/private-files";
import { runEnvironment } from "../../modules/terraform/steps/run-environment";
import { showPlan } from "../../modules/terraform/steps/show-plan";
import type { StepContext, StepEvent, StopSignal } from "../../modules/terraform/steps/step";
import { type Emulator, startEmulator } from "./emulator";
import { terraformVariables } from "./terraform";

const ACCOUNT = "111111111111";

let emulator: Emulator;
let root: string;
let context: StepContext;
const events: StepEvent[] = [];

beforeAll(async () => {
  emulator = await startEmulator({ name: "terraform-steps" });
  root = mkdtempSync(join(tmpdir(), "orgkeys-steps-"));
  const own = { ...emulator.environment(), ...terraformVariables(root) };
  const { environment } = runEnvironment(own, { pluginCache: join(root, "cache") });
  mkdirSync(join(root, "cache"));
  const found = await findTool(environment);
  if (!("tool" in found)) throw new Error(found.problem.message);
  const stop: StopSignal = { level: 0, onChange: () => () => {} };
  const [directory, folder] = [join(root, "out"), join(root, "run")];
  context = {
    tool: found.tool,
    stack: "shop",
    directory,
    folder,
    environment,
    stop,
    clock: systemClock(),
    onEvent: (event) => events.push(event),
  };
  mkdirSync(directory);
  const provider = {
    region: "us-east-1",
    allowed_account_ids: [ACCOUNT],
    assume_role: [{ role_arn: `arn:aws:iam::${ACCOUNT}:role/OrgKeysDeploy` }],
  };
  const stack = {
    terraform: {
      required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" } },
      backend: { local: { path: "../shop.tfstate" } },
    },
    provider: { aws: [provider] },
    resource: { aws_kms_key: { shop: { description: "shop" } } },
  };
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(stack));
});

afterAll(async () => {
  await emulator?.stop();
  rmSync(root, { recursive: true, force: true });
});

test("a real Terraform is planned, shown, applied once, and not twice", async () => {
  expect(await initStack(context)).toMatchObject({ ok: true });
  expect(await planStack(context)).toMatchObject({ ok: true, changes: true });
  // Terraform keeps the mode of the file that was made for it.
  expect(statSync(planFile(context)).mode & 0o777).toBe(0o600);
  const shown = await showPlan(context);
  if (!shown.ok) throw new Error(shown.failure.message);
  expect(shown.plan.resource_changes?.map(({ address }) => address)).toEqual(["aws_kms_key.shop"]);
  expect(await applyStack(context, shown.planSha256)).toMatchObject({ ok: true, attempts: 1 });
  expect(events).toContainEqual({
    kind: "resource",
    step: "apply",
    address: "aws_kms_key.shop",
    done: true,
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(readFileSync(join(root, "shop.tfstate"), "utf8")).toContain('"key_id"');
  expect(await applyStack(context, shown.planSha256)).toMatchObject({
    ok: false,
    failure: { cause: "stale-plan", uncertain: false },
  });
  expect(await planStack(context)).toMatchObject({ ok: true, changes: false });
});
