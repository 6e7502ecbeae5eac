import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { accountPlans } from "../../modules/keys/account-plan";
import { planGuardrails } from "../../modules/keys/plan-guardrails";
import { planKeys } from "../../modules/keys/plan-keys";
import { moduleProviders } from "../../stacks/module-providers";
import { plannedStacks } from "../../stacks/planned-stack";
import { writeStacks, writtenStacks } from "../../stacks/synthesize";
import type { Json } from "../checks/sample-output";
import { accessSample } from "../rollouts/access-sample";

const map = accessSample((zone) =>
  zone.name === "corporate" && zone.pipelines !== undefined
    ? { ...zone, pipelines: { ...zone.pipelines, sessionTags: { "Cost ${Center}": "7" } } }
    : zone,
);
const keys = planKeys(map);
if ("problems" in keys) throw new Error(JSON.stringify(keys.problems));
const accounts = accountPlans(map, keys.plan);
const guardrails = planGuardrails(map, accounts);
if ("problems" in guardrails) throw new Error(JSON.stringify(guardrails.problems));
const tested = [
  "commercial.guardrails.pci",
  "commercial.regulated.hipaa.patient-portal-prod",
  "commercial.regulated.pci.pci-key-management",
];
const stacks = plannedStacks(accounts, guardrails.plans).filter(({ name }) => tested.includes(name));
const folder = mkdtempSync(join(tmpdir(), "orgkeys-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeStacks(stacks, folder);
const written = new Map([...writtenStacks(stacks, folder)].map(({ name, text }) => [name, text]));

function jsonOf(name: string): Json {
  const text = written.get(name);
  if (text === undefined) throw new Error(`there is no stack ${name}`);
  return JSON.parse(text);
}

function rolesOf(name: string): Json[] {
  return jsonOf(name).provider.aws.map(({ assume_role: [role] }: Json) => role);
}

describe("a stack passes the session tags", () => {
  test("of its account's zone, in every Region", () => {
    const roles = rolesOf("commercial.regulated.pci.pci-key-management");
    expect(roles).toHaveLength(2);
    for (const { tags } of roles) expect(tags).toEqual({ Project: "orgkeys", Stage: "prod" });
  });

  test("of the management account's zone where it has the guardrails of another", () => {
    expect(rolesOf("commercial.guardrails.pci").map(({ tags }) => tags)).toEqual([{ "Cost $${Center}": "7" }]);
  });

  test("and none where the zone has none", () => {
    const [role] = rolesOf("commercial.regulated.hipaa.patient-portal-prod");
    expect(Object.keys(role)).toEqual(["role_arn", "session_name"]);
  });
});

test("a module carries them to whoever calls it", () => {
  expect(
    moduleProviders(jsonOf("commercial.regulated.pci.pci-key-management")).map(({ sessionTags }) => sessionTags),
  ).toEqual([
    { Project: "orgkeys", Stage: "prod" },
    { Project: "orgkeys", Stage: "prod" },
  ]);
});
