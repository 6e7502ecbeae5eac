import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import type { DriftFinding } from "../../modules/drift/drift-finding";
import type { AccountDrift } from "../../modules/drift/drift-report";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { type OrgkeysEnd, type OrgkeysProcess, startOrgkeys } from "../e2e/orgkeys-process";
import { orgkeys } from "./recorded-terminal";
import { type ReviewedAws, startReviewedAws } from "./reviewed-aws";

// Each is a process that reads the whole sample organization, and the SDK waits before it asks again.
jest.setTimeout(120_000);

const config = join(__dirname, "../../config");
let folder: string;
let out: string;
let loaded: LoadedPlan;
let aws: ReviewedAws;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-faults-"));
  out = join(folder, "cdktf.out");
  expect(orgkeys("synth", "--config", config, "--out", out).code).toBe(0);
  const plan = loadPlan(config);
  if ("problems" in plan) throw new Error("the sample is not valid");
  loaded = plan;
  aws = await startReviewedAws(plan, out, readdirSync(join(out, "stacks")));
});
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => aws.reset());

test("clean", async () => {
  const p = startOrgkeys(["drift", "--config", config, "--out", out, "--today", "2026-11-22"], { PATH: process.env.PATH ?? "", ...aws.environment });
  const end = await p.ended;
  console.log(end.code, end.stdout.slice(0, 6000), end.stderr.slice(-3000), aws.most, aws.calls.length);
});
