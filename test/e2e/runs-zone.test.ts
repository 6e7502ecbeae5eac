import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ActivateOrganizationsAccessCommand } from "@aws-sdk/client-cloudformation";
import { RegisterDelegatedAdministratorCommand } from "@aws-sdk/client-organizations";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { LoadedPlan } from "../../stacks/load-plan";
import { expectedKeys, readKey } from "./live-keys";
import { isChange, type LiveRuns, startRuns, statuses } from "./live-runs";

const STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com";
const rollouts = "commercial.rollouts.hipaa";
const guardrails = "commercial.guardrails.hipaa";

let runs: LiveRuns;
let loaded: LoadedPlan;

/** Zone hipaa of the sample: nobody has made the roles of its accounts, which its rollout brings. */
beforeAll(async () => {
  runs = await startRuns("runs-zone", "config", { stackSets: true });
  loaded = await runs.edit();
  const [management, security] = ["org-management", "security-tooling"].map(
    (name) => loaded.map.accounts.find((account) => account.name === name)?.id ?? "",
  );
  const { organizations, cloudFormation } = await runs.live.emulator.clientsFor({
    accountId: management ?? "",
    region: "us-east-1",
  });
  await cloudFormation.send(new ActivateOrganizationsAccessCommand({}));
  await organizations.send(
    new RegisterDelegatedAdministratorCommand({ AccountId: security ?? "", ServicePrincipal: STACK_SETS }),
  );
});
afterAll(() => runs?.stop());

const accounts = (): LoadedPlan["accounts"] => loaded.accounts.filter(({ zone }) => zone.name === "hipaa");

test("a zone of the sample applies from nothing in one run: guardrails, rollouts, accounts", async () => {
  const { code, stdout, stderr } = await runs.orgkeys("apply", "--zone", "hipaa", "--auto-approve");
  expect(`${code} ${code === 0 ? "" : stdout + stderr}`).toBe("0 ");
  const report = runs.report();
  expect(new Set(Object.values(statuses(report)))).toEqual(new Set(["applied"]));
  const order = report.stacks.map(({ stack }) => stack);
  // AWS Organizations has the guardrail before a StackSet makes a key, and the rollout brings the roles that the key policies name.
  expect(order.slice(0, 2)).toEqual([guardrails, rollouts]);
  expect(order.slice(2).sort()).toEqual(
    accounts()
      .map(({ stack }) => stack)
      .sort(),
  );
  const changes = runs.proxy.calls.filter(isChange);
  const last = (service: string): number => changes.findLastIndex((call) => call.service === service);
  expect(last("organizations")).toBeLessThan(changes.findIndex(({ service }) => service === "cloudformation"));
  expect(last("cloudformation")).toBeLessThan(changes.findIndex(({ service }) => service === "kms"));
});

test("every key is what the key plan says", async () => {
  for (const key of accounts().flatMap(({ keys }) => keys)) {
    if (key.status !== "planned") continue;
    for (const expected of expectedKeys(key)) {
      const place = { accountId: key.accountId, region: expected.region, partition: key.partition };
      expect((await readKey(runs.live.emulator, place, key.alias)).key).toEqual(expected);
    }
  }
});

test("the zone again: nothing to do", async () => {
  runs.proxy.forget();
  const { code } = await runs.orgkeys("plan", "--zone", "hipaa");
  expect(code).toBe(0);
  expect(runs.proxy.calls.filter(isChange)).toEqual([]);
});

test("a StackSet that somebody takes out of the stack by hand stops the run", async () => {
  const file = join(runs.live.stackFolder(rollouts), "cdk.tf.json");
  const json = JSON.parse(readFileSync(file, "utf8"));
  delete json.resource;
  delete json.output;
  writeFileSync(file, JSON.stringify(json));
  runs.proxy.forget();
  const { code } = await runs.orgkeys("apply", rollouts, "--auto-approve");
  expect(code).toBe(1);
  expect(runs.proxy.calls.filter(isChange)).toEqual([]);
  const findings = runs.report().gate?.findings ?? [];
  expect(new Set(findings.map(({ id }) => id))).toEqual(new Set(["stack-set-destroyed"]));
});
